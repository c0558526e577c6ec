import { z } from 'zod';

/** The three letters of ISO 4217. */
export const Currency = z.string().regex(/^[A-Z]{3}$/);

/** An amount in the currency's minor unit (cents for EUR, whole yen for JPY), so that sums are exact. */
export const Money = z.strictObject({ minorUnits: z.int(), currency: Currency });
export type Money = z.infer<typeof Money>;
