// Usage: node run.cjs main.prog.mjs. Runs a transpiled report: WRITE goes to the standard output, and OPEN DATASET opens files.
const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const runtime = require('@abaplint/runtime');

/** A file as the runtime wants it: its bytes are kept here, and written back when it is closed. */
function handle(name, mode) {
  let bytes = mode === 'OUTPUT' ? Buffer.alloc(0) : readFileSync(name);
  return {
    read: async (position, length) => bytes.subarray(position, position + length),
    write: async (position, more) => {
      bytes = Buffer.concat([bytes.subarray(0, position), more, bytes.subarray(position + more.length)]);
    },
    size: async () => bytes.length,
    close: async () => {
      if (mode !== 'INPUT') writeFileSync(name, bytes);
    },
  };
}

const dataset = {
  open: async (name, mode) => {
    try {
      return handle(name, mode);
    } catch (error) {
      return { message: error.message };
    }
  },
  delete: async (name) => {
    try {
      rmSync(name);
      return true;
    } catch {
      return false;
    }
  },
};

const written = {
  empty: true,
  add(text) {
    process.stdout.write(text);
    this.empty = false;
  },
  clear() {},
  get: () => '',
  isEmpty() {
    return this.empty;
  },
};

async function main(file) {
  globalThis.abap = new runtime.ABAP({ console: written, dataset });
  try {
    await import(pathToFileURL(resolve('.abap/out/project', file)).href);
    if (!written.empty) process.stdout.write('\n');
  } catch (error) {
    console.error(`${written.empty ? '' : '\n'}${error.constructor.name}: ${error.message ?? ''}`);
    process.exitCode = 1;
  }
}

main(process.argv[2]);
