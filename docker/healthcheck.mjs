// The images have no shell and no curl: Node asks itself.
//   node docker/healthcheck.mjs <setting that holds the port> <its default> <path>
const [setting = 'PORT', fallback = '3000', path = '/health/live'] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env[setting] || fallback}${path}`;

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!response.ok) process.stderr.write(`${url} answered ${response.status}\n`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${url}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
