import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { startChild, type Child } from '../platform/child-process.ts';
import { programArgs, repository } from '../platform/repository.ts';
import { removeDirectory, systemNames, writeDirectory, type SystemName } from './directory.ts';

/** A running system. */
export interface RunningSystem {
  url: string;
  /** Only of `mail`: where it takes mail. */
  smtp?: string;
  pid: number;
}

export interface Sandbox {
  systems: Record<SystemName, RunningSystem>;
  /** What the activities must find in their environment to reach these systems. */
  env: Record<string, string>;
  /** Settles when all systems have ended. */
  stop(): Promise<void>;
  /** Settles with a sentence when a system ended that should run on; never rejects. */
  readonly broken: Promise<string>;
}

const folders: Readonly<Record<SystemName, string>> = {
  vendors: 'vendors',
  purchasing: 'purchasing',
  ledger: 'ledger',
  payments: 'payments',
  legacyErp: 'legacy-erp',
  mail: 'mail',
  identity: 'identity',
  equipment: 'equipment',
  facilities: 'facilities',
  signing: 'signing',
};

const Ready = z.object({ url: z.url(), smtp: z.string().optional() });

/**
 * Starts the systems of the sandbox as processes of their own on 127.0.0.1 and waits until all are ready. They keep their data in
 * `<dataDir>/sandbox/<system>`, so that a later start on the same directory finds it, and end with this process.
 *
 * @param options.ports the port of a system; a free one by default
 * @param options.seedDir the folder of what the systems know from the beginning; the sandbox's own by default
 * @throws Error with the end of the log of the system that did not come up; none is left running
 */
export async function startSandbox(options: {
  dataDir: string;
  ports?: Partial<Record<SystemName, number>>;
  seedDir?: string;
}): Promise<Sandbox> {
  const { dataDir, ports = {}, seedDir } = options;
  const account = { LEGACY_ERP_USER: 'robot', LEGACY_ERP_PASSWORD: randomBytes(12).toString('base64url') };
  const children: Child[] = [];
  let stopping = false;
  let report: (sentence: string) => void = () => undefined;
  const broken = new Promise<string>((resolve) => (report = resolve));
  const stop = async () => {
    stopping = true;
    await removeDirectory(dataDir);
    await Promise.all(children.map((child) => child.stop()));
  };
  const start = async (name: SystemName): Promise<[SystemName, RunningSystem]> => {
    const ownData = `${dataDir}/sandbox/${folders[name]}`;
    await mkdir(ownData, { recursive: true });
    const child = startChild({
      name: `the sandbox system ${name}`,
      command: process.execPath,
      args: programArgs(`sandbox/${folders[name]}/main`),
      cwd: repository,
      env: { ...account, PORT: String(ports[name] ?? 0), SMTP_PORT: undefined, DATA_DIR: ownData, ...(seedDir === undefined ? {} : { SEED_DIR: seedDir }) },
      logFile: `${dataDir}/logs/sandbox-${folders[name]}.log`,
      ready: true,
    });
    children.push(child);
    void child.exited.then(() => {
      if (!stopping) report(`The sandbox system ${name} ended; the end of its log ${child.logFile}:\n${child.logTail()}`);
    });
    return [name, { ...Ready.parse(await child.ready), pid: child.pid }];
  };
  // All are waited for, also when one fails: none may come up after the others were stopped.
  const outcomes = await Promise.allSettled(systemNames.map(start));
  try {
    const started = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    const systems = Object.fromEntries(started) as Record<SystemName, RunningSystem>;
    await writeDirectory({ dataDir, directory: { systems } });
    return { systems, env: { ...addressesOf(systems), ...account }, stop, broken };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressesOf({ vendors, purchasing, ledger, payments, legacyErp, mail, identity, equipment, facilities, signing }: Record<SystemName, RunningSystem>): Record<string, string> {
  if (mail.smtp === undefined) throw new Error('the sandbox system mail did not say where it takes mail');
  return {
    VENDORS_URL: vendors.url,
    PURCHASING_URL: purchasing.url,
    LEDGER_URL: ledger.url,
    PAYMENTS_URL: payments.url,
    LEGACY_ERP_URL: legacyErp.url,
    IDENTITY_URL: identity.url,
    EQUIPMENT_URL: equipment.url,
    FACILITIES_URL: facilities.url,
    SIGNING_URL: signing.url,
    SMTP_URL: mail.smtp,
    MAIL_FROM: 'The company <processes@throughline.example>',
  };
}
