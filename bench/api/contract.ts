import { z } from 'zod';
import { message } from '../../contracts/define/message.ts';
import { defineProcess } from '../../contracts/define/process.ts';

/** Waits for one word after the other, so that a listener has something to hear. */
export const news = defineProcess({
  name: 'news',
  title: 'Wait for news',
  input: z.strictObject({ times: z.int().min(1) }),
  output: z.strictObject({ heard: z.int() }),
  steps: { news: message({ name: 'news', title: 'Wait for news', payload: z.strictObject({ said: z.string() }) }) },
});
