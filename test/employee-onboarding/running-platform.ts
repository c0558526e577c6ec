import type { Hire } from '../../contracts/hire.ts';
import { subInstanceId } from '../../contracts/ids.ts';
import { type Answer, answerContract } from '../../demo/onboarding/candidate.ts';
import { readHireBooks } from '../../demo/onboarding/books.ts';
import { command } from '../../sandbox/command.ts';
import { startRunningPlatform as startStage } from '../stage/platform.ts';
import { replay } from '../stage/replay.ts';

export { refusal, stepOf } from '../stage/platform.ts';

export type RunningPlatform = Awaited<ReturnType<typeof startRunningPlatform>>;

const people = [
  { user: 'hanna', roles: ['worker', 'starter'], groups: ['hr'] },
  { user: 'ivo', roles: ['worker'], groups: ['it'] },
  { user: 'fatima', roles: ['worker'], groups: ['facilities'] },
] as const;

/** The parts of an onboarding, by the step that runs them. */
const parts = { accounts: 'provideAccounts', equipment: 'provideEquipment', workplace: 'prepareWorkplace', employment: 'signContract' } as const;
export type Part = keyof typeof parts;

export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

const emailOf = (number: string): string => `${number.toLowerCase()}@candidates.example`;

/** The platform with the sandbox's systems, for people who are to begin. */
export async function startRunningPlatform() {
  const running = await startStage({ sandbox: true, people });
  const { sandbox } = running.platform;
  if (!sandbox) throw new Error('the tests need the sandbox');
  const hired: string[] = [];
  const partOf = (id: string, part: Part): string => subInstanceId({ process: parts[part], parent: id, id: part });
  const decide = (user: string, task: string, part: Part) => async (id: string, decision: object): Promise<void> => {
    const sub = partOf(id, part);
    await running.until(id, ({ steps }) => steps.some(({ step, visits }) => step === part && visits.some(({ startedAt }) => startedAt !== null)));
    await running.untilStep(sub, task, ['waiting']);
    await running.decide(user, { id: sub, task, decision });
  };
  return {
    ...running,
    sandbox,
    partOf,
    /** Starts the onboarding of somebody; answers with the instance's id. */
    async hire(personnelNumber: string, more: Partial<Hire> = {}): Promise<string> {
      const input: Hire = { personnelNumber, name: `Ada ${personnelNumber}`, email: emailOf(personnelNumber), jobTitle: 'Engineer', department: 'engineering', manager: 'petra', bundle: 'standard', site: 'harbour', firstDay: inDays(30), ...more };
      const id = await running.start('employeeOnboarding', input);
      hired.push(id);
      return id;
    },
    approveTerms: (id: string) => decide('hanna', 'approveTerms', 'employment')(id, { outcome: 'approve' }),
    layDeviceReady: (id: string) => decide('ivo', 'handOverDevice', 'equipment')(id, { outcome: 'ready' }),
    setDeskUp: (id: string) => decide('fatima', 'setUpDesk', 'workplace')(id, { outcome: 'ready' }),
    rejectDesk: (id: string, reason: string) => decide('fatima', 'setUpDesk', 'workplace')(id, { outcome: 'reject', reason }),
    /** The candidate answers at the signing service as soon as there is a contract. */
    answer: (personnelNumber: string, answer: Answer = { outcome: 'signed' }) => answerContract({ sandbox, email: emailOf(personnelNumber), answer, signal: AbortSignal.timeout(60_000) }),
    withdraw: (id: string, reason = 'found something nearer') => running.as('hanna').post(`/instances/${encodeURIComponent(id)}/messages/withdrawn`, { id: `${id} withdrew`, payload: { reason } }),
    books: async (personnelNumber: string) => (await readHireBooks(sandbox))({ personnelNumber, email: emailOf(personnelNumber) }),
    mailsTo: async (personnelNumber: string): Promise<readonly string[]> => {
      const { messages } = (await (await fetch(`${sandbox.systems.mail.url}/books`)).json()) as { messages: readonly { to: readonly string[]; subject: string }[] };
      return messages.filter(({ to }) => to.includes(emailOf(personnelNumber))).map(({ subject }) => subject);
    },
    /** Replays the parts of all onboardings too. */
    async stop(): Promise<void> {
      const { address, namespace } = running.platform.server;
      try {
        const visits = (await Promise.all(hired.map(running.view))).flatMap(({ steps }) => steps.flatMap((step) => step.visits));
        await replay({ address, namespace, ids: visits.flatMap(({ instance, startedAt }) => (instance === undefined || startedAt === null ? [] : [instance])) });
      } finally {
        await running.stop();
      }
    },
    /** What is typed after `npm run sandbox --`; what is in quotes is one word. */
    fault: (words: string) => command({ args: words.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [], dataDir: running.dataDir }),
  };
}

/** The books of somebody for whom all is ready, and of somebody for whom all was and is undone. */
export const ready = { accounts: ['active'], memberships: ['active', 'active', 'active'], orders: ['ordered'], desks: ['booked'], contracts: ['sent'], answers: ['signed'], mails: 1 };
export const undone = { ...ready, accounts: ['disabled'], memberships: ['removed', 'removed', 'removed'], orders: ['cancelled'], desks: ['cancelled'], contracts: ['voided'] };
export const nothing = { accounts: [], memberships: [], orders: [], desks: [], contracts: [], answers: [], mails: 0 };
