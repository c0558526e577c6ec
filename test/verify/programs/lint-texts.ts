import { ESLint } from 'eslint';
import { z } from 'zod';

// Reads `[{ file, text }]` from standard input and prints for each what ESLint would say, were it the content of that file.
const Texts = z.array(z.object({ file: z.string(), text: z.string() }));
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);

const eslint = new ESLint();
const said: { rule: string; line: number }[][] = [];
for (const { file, text } of Texts.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))) {
  const results = await eslint.lintText(text, { filePath: file });
  said.push(results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => ({ rule: ruleId ?? message, line }))));
}
process.stdout.write(JSON.stringify(said));
