import { z } from 'zod';
import { reserveBudget as contract } from '../../contracts/activities/ledger.ts';
import { askHttp } from '../http.ts';
import { implement } from '../implement.ts';

export const reserveBudget = implement(contract, (reservation, call) =>
  askHttp(call, {
    system: 'LEDGER_URL',
    method: 'POST',
    path: ['reservations'],
    body: reservation,
    answer: z.object({ reservationId: z.string() }),
    refusals: ['over-budget', 'unknown-cost-centre', 'no-rate'],
  }),
);
