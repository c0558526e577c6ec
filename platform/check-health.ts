import { errorMessage } from './errors.ts';

// node platform/check-health URL: exits with 0 when the address answers well. The check of containers, which need no other program for it.

/** Milliseconds; a container engine asks again soon. */
const patience = 5_000;

const url = process.argv[2] ?? '';
try {
  if (!URL.canParse(url)) throw new Error('say which address to ask, for example http://127.0.0.1:7700/api/health/ready');
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
  process.stdout.write(`${answer.status} ${await answer.text()}\n`);
  if (!answer.ok) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${url}: ${errorMessage(error)}\n`);
  process.exitCode = 1;
}
