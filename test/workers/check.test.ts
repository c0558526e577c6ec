import { describe, expect, it } from '@jest/globals';
import { implement, type Implementation } from '../../activities/implement.ts';
import type { ActivityContract, CompensationContract } from '../../contracts/define/activity.ts';
import { defineProcess, type ProcessContract } from '../../contracts/define/process.ts';
import { discoverActivities, discoverImplementations, discoverProcesses } from '../../platform/discover.ts';
import { holesIn } from '../../workers/check.ts';
import { cancelOrder, laptop, lookUp, pay, placeOrder, refund } from '../kit/contracts.ts';

const nothing = () => Promise.reject(new Error('never called'));
const implementing = (...contracts: readonly unknown[]) => contracts.map((contract) => implement(contract as ActivityContract, nothing)) as unknown as readonly Implementation[];

const processes = [laptop] as unknown as readonly ProcessContract[];
const activities = [lookUp, placeOrder, cancelOrder, pay, refund] as unknown as readonly (ActivityContract | CompensationContract)[];
const whole = { processes, activities, implementations: implementing(lookUp, placeOrder, cancelOrder, pay, refund), flows: ['laptop'] };

describe('a worker starts only when nothing is missing', () => {
  it('finds no hole where there is none', () => {
    expect(holesIn(whole)).toEqual([]);
  });

  it('names an activity that nobody implements', () => {
    expect(holesIn({ ...whole, implementations: implementing(lookUp, placeOrder, cancelOrder, refund) })).toEqual(['activity "bank.pay" has no implementation: write implement(…) for it under activities/']);
  });

  it('names a compensation that nobody implements, though only its step is exported', () => {
    expect(holesIn({ ...whole, activities: [lookUp, placeOrder, pay], implementations: implementing(lookUp, placeOrder, pay, refund) })).toEqual(['activity "shop.cancelOrder" has no implementation: write implement(…) for it under activities/']);
  });

  it('names an activity that only a process knows', () => {
    expect(holesIn({ ...whole, activities: [], implementations: [] }).map((hole) => hole.split('"')[1])).toEqual(['shop.lookUp', 'shop.placeOrder', 'bank.pay', 'shop.cancelOrder', 'bank.refund']);
  });

  it('does not take an implementation of another contract of the same name', () => {
    const holes = holesIn({ ...whole, implementations: implementing({ ...lookUp }, placeOrder, cancelOrder, pay, refund) });
    expect(holes).toEqual([expect.stringContaining('"shop.lookUp" has no implementation'), expect.stringContaining('the implementation of "shop.lookUp" belongs to no contract')]);
  });

  it('names a process that is only a step of another', () => {
    const [office] = [defineProcess({ name: 'office', title: 'Furnish', input: laptop.input, output: laptop.output, steps: { buy: laptop } })] as unknown as readonly ProcessContract[];
    const alone = { ...whole, processes: office ? [office] : [], flows: ['office'] };
    expect(holesIn(alone)).toEqual(['step "buy" of process "office" runs the process "laptop", which is not defined under contracts/processes/: export its contract there']);
  });

  it('names an implementation that no contract asks for', () => {
    expect(holesIn({ ...whole, processes: [], flows: [], activities: [lookUp], implementations: implementing(lookUp, pay) })).toEqual([
      'the implementation of "bank.pay" belongs to no contract under contracts/activities/: export its contract there',
    ]);
  });

  it('names a process without a flow, and a flow without a process', () => {
    expect(holesIn({ ...whole, flows: ['laptopp'] })).toEqual([
      'process "laptop" has no flow: export it under this name from workflows/index.ts',
      'workflows/index.ts exports "laptopp", but no process of this name is defined under contracts/processes/',
    ]);
  });

  it('finds no hole in the product itself', async () => {
    const [found, contracts, implementations] = await Promise.all([discoverProcesses(), discoverActivities(), discoverImplementations()]);
    const flows = Object.keys(await import('../../workflows/index.ts'));
    expect(found.map(({ name }) => name)).toContain('supplierInvoice');
    expect(holesIn({ processes: found, activities: contracts, implementations, flows })).toEqual([]);
  });
});
