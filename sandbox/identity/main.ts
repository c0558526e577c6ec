import { z } from 'zod';
import { bookEntry } from '../book.ts';
import { readSeed } from '../seed.ts';
import { runService } from '../service.ts';
import { refusal } from '../refusals.ts';
import { Account, addAccounts } from './accounts.ts';
import { addMemberships, Membership } from './memberships.ts';

const Departments = z.array(z.strictObject({ name: z.string(), groups: z.array(z.string()).min(1) }));

await runService({
  title: 'Identity',
  async setup(service, setting) {
    const departments = await readSeed({ seedDir: setting.seedDir, name: 'departments.json', schema: Departments });
    const accounts = await addAccounts(service, setting);
    const memberships = await addMemberships(service, { ...setting, accounts });
    service.route({
      method: 'GET',
      path: '/departments/:name',
      title: 'Look up the groups of a department',
      params: z.object({ name: z.string() }),
      answer: z.object({ groups: z.array(z.string()) }),
      refuses: ['unknown-department'],
      handle({ params: { name } }) {
        const department = departments.find((one) => one.name === name);
        if (!department) throw refusal('unknown-department', { detail: `there is no department ${name}; there are ${departments.map((one) => one.name).join(', ')}` });
        return { groups: department.groups };
      },
    });
    service.route({
      method: 'GET',
      path: '/books',
      title: 'Everything this system holds',
      answer: z.object({ accounts: z.array(bookEntry(Account)), memberships: z.array(bookEntry(Membership)), revokedKeys: z.array(z.string()) }),
      handle: () => ({ accounts: accounts.list(), memberships: memberships.list(), revokedKeys: [...accounts.revokedKeys(), ...memberships.revokedKeys()] }),
    });
    return {
      close: async () => {
        await Promise.all([accounts.close(), memberships.close()]);
      },
    };
  },
});
