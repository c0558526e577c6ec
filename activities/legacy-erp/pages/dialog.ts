import type { Dialog, Page } from 'playwright-core';
import { unexpected } from '../../../contracts/failures.ts';

interface Question {
  readonly page: Page;
  readonly button: string;
  /** What the question must name, so that no other question is answered with yes. */
  readonly about: readonly string[];
}

/** Presses a button that asks "are you sure?", and says yes. @throws unexpected when something else was asked; it was answered with no */
export async function pressAndConfirm({ page, button, about }: Question): Promise<void> {
  let answering: Promise<void> | undefined;
  const answer = async (dialog: Dialog): Promise<void> => {
    const asked = dialog.message();
    const isMeant = dialog.type() === 'confirm' && about.every((part) => asked.includes(part));
    await (isMeant ? dialog.accept() : dialog.dismiss());
    if (!isMeant) throw unexpected(`on "${button}" the legacy ERP asked "${asked}", which the robot did not expect and did not confirm`);
  };
  const onDialog = (dialog: Dialog) => {
    answering = answer(dialog);
    // Awaited below; until then it must not end the process.
    answering.catch(() => undefined);
  };
  page.on('dialog', onDialog);
  try {
    await page.getByRole('button', { name: button, exact: true }).click();
    await answering;
  } finally {
    page.off('dialog', onDialog);
  }
}
