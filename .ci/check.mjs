// `npm run check`: everything that can be judged without starting a process of the product, two steps at a time.
// A failing step prints its output and the way to repair it. `npm run check -- lint types` runs only those two.
import { spawn } from 'node:child_process';

/** Longest first, so that two cores finish together. `script` is a script of package.json. */
const steps = [
  { name: 'unit', script: 'test:unit', fix: 'npx vitest --project unit   (repeats while you edit)' },
  {
    name: 'types',
    script: 'types',
    fix: 'npm run types   (a cast or `any` is not a repair: CONTRIBUTING.md, "Style")',
  },
  { name: 'lint', script: 'lint', fix: 'npx oxlint --fix   then repair by hand what is left' },
  { name: 'format', script: 'format:check', fix: 'npm run format' },
  {
    name: 'boundaries',
    script: 'boundaries',
    fix: 'move the code to where it may be used; each rule says why in .dependency-cruiser.cjs',
  },
  {
    name: 'dead',
    script: 'dead',
    fix: 'delete what nothing uses, or drop its `export`; a new entry point belongs in knip.json',
  },
];

function run(step) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn('npm', ['run', '--silent', step.script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    const finish = (passed) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${step.name.padEnd(11)} ${seconds.padStart(5)} s\n`);
      resolve({ ...step, passed, output: Buffer.concat(output).toString() });
    };
    child.on('error', (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      finish(false);
    });
    child.on('close', (code) => {
      if (output.length === 0) output.push(Buffer.from(`exit code ${code}, no output. Is the script in package.json?`));
      finish(code === 0);
    });
  });
}

async function runInLanes(queue, lanes) {
  const results = [];
  const lane = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) results.push(await run(step));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(`No such step: ${unknown.join(', ')}. Steps: ${steps.map((step) => step.name).join(', ')}\n`);
  process.exit(2);
}

const chosen = steps.filter((step) => asked.length === 0 || asked.includes(step.name));
const failed = (await runInLanes([...chosen], 2)).filter((result) => !result.passed);
for (const { name, output, fix } of failed) {
  process.stdout.write(
    `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}\n${output.trimEnd()}\n\nrepair: ${fix}\n`,
  );
}
process.exitCode = failed.length === 0 ? 0 : 1;
