import { z } from 'zod';
import { humanTask } from '../define/task.ts';

export const theTask = humanTask({
  name: 'theTask',
  title: 'The task',
  // What the person is shown.
  input: z.strictObject({ number: z.string().min(1).max(40) }),
  // What the person answers; by custom a union told apart by `outcome`. Nobody can answer this one.
  form: z.never('task "theTask" is not written yet: put its form and its candidate groups into contracts/tasks/the-task.ts'),
  candidateGroups: ['nobody-yet'],
});
