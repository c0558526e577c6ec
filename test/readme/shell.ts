import { spawn } from 'node:child_process';

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs lines in bash as somebody would who pastes them, except that a command that fails ends it. */
export function inBash({ script, env, directory }: { script: string; env: Readonly<Record<string, string>>; directory: string }): Promise<Said> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['--norc', '--noprofile', '-euo', 'pipefail', '-c', script], { cwd: directory, env: { ...process.env, NODE_OPTIONS: '', ...env } });
    let [out, err] = ['', ''];
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    shell.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    shell.once('error', reject).once('close', (code) => resolve({ code, out, err }));
  });
}

/** Lines of bash that wait until an answer of the API contains a text, or give up after two minutes. */
export const waitFor = ({ url, token, text }: { url: string; token: string; text: string }): string =>
  `for try in $(seq 400); do curl -sS "${url}" -H "Authorization: Bearer ${token}" | grep -F '${text}' > /dev/null && break; [ "$try" != 400 ] || { echo "never saw ${text}" >&2; exit 1; }; sleep 0.3; done\n`;
