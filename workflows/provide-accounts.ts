import { provideAccounts as contract } from '../contracts/processes/provide-accounts.ts';
import { flow } from './kit/flow.ts';
import { forEach } from './kit/for-each.ts';

export const provideAccounts = flow(contract, async ({ personnelNumber, name, department }, { findGroups, createAccount, addToGroup }) => {
  const { groups } = await findGroups({ department });
  const { accountId, login } = await createAccount({ personnelNumber, name });
  await forEach(groups, (group) => addToGroup({ accountId, group }));
  return { accountId, login, groups };
});
