// Usage: node run.mjs main.wasm [argument…]. Runs a WebAssembly module that talks to the system through WASI.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [file, ...rest] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [file, ...rest], env: process.env, preopens: { '.': '.' } });
const { instance } = await WebAssembly.instantiate(readFileSync(file), { wasi_snapshot_preview1: wasi.wasiImport });
process.exit(wasi.start(instance));
