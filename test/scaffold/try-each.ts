import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** Gives `npm run new` in a copy one list of arguments after the other, in one process; tells what each was answered. */
export async function tryEach({ copy, each }: { copy: string; each: readonly (readonly string[])[] }): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/scaffold/programs/try-each.ts'], { cwd: copy, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  child.stdin.end(JSON.stringify(each));
  return z.array(z.string()).parse(JSON.parse(await text(child.stdout)));
}
