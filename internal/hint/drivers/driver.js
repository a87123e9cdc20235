// Runs a program against tests, and changed copies of it, in one cell of the sandbox: each run is a process of its own. What to do is
// in job.json; each line of the output is JSON.
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const vm = require('vm');

const job = JSON.parse(fs.readFileSync('job.json', 'utf8'));
const LIMIT = 64 << 10;
const say = (m) => fs.writeSync(1, JSON.stringify(m) + '\n');
const norm = (s) => s.trim().split('\n').map((l) => l.trimEnd()).join('\n');

function write(dir, files) {
  for (const f of files) {
    const to = path.join(dir, f.name);
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.writeFileSync(to, f.text);
  }
}

/** Runs the program in a folder. */
function run(dir, stdin, seconds, env = {}) {
  return new Promise((done) => {
    const begin = Date.now();
    const p = spawn(process.execPath, ['--max-old-space-size=96', '--stack-trace-limit=50', path.join(dir, job.main), ...job.args],
      { cwd: dir, env: { ...process.env, ...env } });
    const out = { out: '', err: '' };
    let late = false;
    const timer = setTimeout(() => { late = true; p.kill(env.NODE_V8_COVERAGE ? 'SIGTERM' : 'SIGKILL'); setTimeout(() => p.kill('SIGKILL'), 300).unref(); }, seconds * 1000);
    p.stdout.on('data', (d) => { if (out.out.length < LIMIT) out.out += d; });
    p.stderr.on('data', (d) => { if (out.err.length < LIMIT) out.err += d; });
    p.stdin.on('error', () => {});
    p.stdin.end(stdin);
    p.on('close', (code) => {
      clearTimeout(timer);
      done({ code: code ?? 1, late, ms: Date.now() - begin, ...out });
    });
  });
}

/** The lines that a run visited, of V8's ranges with counts: the innermost range decides. */
function visited(dir, folder) {
  const lines = [];
  if (!fs.existsSync(folder)) return lines;
  for (const name of fs.readdirSync(folder)) {
    for (const script of JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')).result) {
      const file = job.files.find((f) => script.url === 'file://' + path.join(dir, f.name));
      if (!file) continue;
      const counts = new Int32Array(file.text.length).fill(-1);
      const ranges = script.functions.flatMap((f) => f.ranges).sort((a, b) => (b.endOffset - b.startOffset) - (a.endOffset - a.startOffset));
      for (const r of ranges) counts.fill(r.count, r.startOffset, r.endOffset);
      let at = 0;
      file.text.split('\n').forEach((text, i) => {
        const from = at + text.length - text.trimStart().length;
        if (text.trim() && counts.subarray(from, at + text.length).some((c) => c > 0) && counts[from] !== 0) lines.push([file.name, i + 1]);
        at += text.length + 1;
      });
    }
  }
  return lines;
}

/** What the parser says of a file; nothing if it is well. */
function check(name, text) {
  if (/\.mjs$/.test(name) || /^\s*(import|export)\b/m.test(text)) return '';
  try {
    new vm.Script('(function (exports, require, module, __filename, __dirname) {' + text + '\n})', { filename: name });
    return '';
  } catch (e) {
    return e instanceof SyntaxError ? String(e.stack) : '';
  }
}

async function base() {
  const dir = path.resolve('program');
  write(dir, job.files);
  for (const f of job.files) {
    const words = /\.c?js$/.test(f.name) ? check(f.name, f.text) : '';
    if (words) return say({ t: 'compile', ok: false, out: words });
  }
  say({ t: 'compile', ok: true, out: '' });
  let seconds = job.seconds;
  for (const [i, test] of job.tests.entries()) {
    const r = await run(dir, test.stdin, seconds);
    say({ t: 'run', test: i, ...r });
    const folder = path.resolve('coverage' + i);
    await run(dir, test.stdin, seconds, { NODE_V8_COVERAGE: folder });
    if (r.late) seconds = Math.min(seconds, 0.5); // the others may not take all the time there is
    try {
      say({ t: 'cover', test: i, lines: visited(dir, folder), stack: [] });
    } catch { /* it was ended while it wrote */ }
  }
  lint();
}

/** Runs eslint where it is installed: in this process, since only what it says of the text counts. */
function lint() {
  let Linter;
  try {
    ({ Linter } = require('/tools/javascript/node_modules/eslint'));
  } catch {
    return;
  }
  const on = ['no-undef', 'no-const-assign', 'use-isnan', 'valid-typeof', 'array-callback-return', 'getter-return', 'no-fallthrough', 'no-self-compare',
    'no-self-assign', 'no-cond-assign', 'for-direction', 'no-unmodified-loop-condition', 'no-loss-of-precision', 'no-unsafe-negation', 'no-dupe-keys',
    'no-dupe-else-if', 'no-duplicate-case', 'no-unreachable', 'no-compare-neg-zero', 'no-unused-expressions', 'no-func-assign'];
  const names = [...Object.getOwnPropertyNames(globalThis), 'require', 'module', 'exports', '__filename', '__dirname'];
  const config = { rules: Object.fromEntries(on.map((r) => [r, 'error'])),
    languageOptions: { ecmaVersion: 'latest', sourceType: 'commonjs', globals: Object.fromEntries(names.map((n) => [n, 'writable'])) } };
  let out = '';
  try {
    for (const f of job.files.filter((f) => /\.c?js$/.test(f.name))) {
      for (const m of new Linter().verify(f.text, config, { filename: 'any.js' })) {
        if (m.ruleId) out += `${f.name}:${m.line}:${m.column}: ${m.message} [${m.ruleId}]\n`;
      }
    }
  } catch { /* an eslint that is not ours to mend */ }
  say({ t: 'tool', name: 'eslint', out: out.slice(0, LIMIT) });
}

async function attempt(dir, m) {
  const files = job.files.map((f) => {
    if (f.name !== m.file) return f;
    const lines = f.text.replace(/\r\n/g, '\n').split('\n');
    lines[m.line - 1] = m.text;
    return { name: f.name, text: lines.join('\n') };
  });
  const changed = files.find((f) => f.name === m.file);
  if (/\.c?js$/.test(m.file) && check(m.file, changed.text)) return 'skip';
  write(dir, files);
  for (const i of job.order) {
    const r = await run(dir, job.tests[i].stdin, job.seconds);
    if (r.late) return 'late';
    if (r.code !== 0 || norm(r.out) !== norm(job.tests[i].expected)) return 'fail';
  }
  return 'pass';
}

async function mutants() {
  const until = Date.now() + job.budget * 1000;
  let next = 0;
  const worker = async (n) => {
    const dir = path.resolve('mutant' + n);
    while (next < job.mutants.length && Date.now() < until) {
      const id = next++;
      say({ t: 'mutant', id, r: await attempt(dir, job.mutants[id]) });
    }
  };
  await Promise.all(os.cpus().map((_, n) => worker(n)));
}

(job.mode === 'base' ? base() : mutants()).then(() => { say({ t: 'done' }); process.exit(0); });
