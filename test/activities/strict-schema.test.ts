import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { strictSchema } from '../../activities/model/strict-schema.ts';

const Part = z.object({
  get parts(): z.ZodType {
    return z.array(Part);
  },
});

describe('the form that a model is to answer in', () => {
  it('wants every property and no other, at every depth, and leaves lengths to the check of the answer', () => {
    const answer = z.strictObject({ topic: z.enum(['order', 'invoice']), quotes: z.array(z.strictObject({ text: z.string().max(200), page: z.int().min(1) })).max(5) });
    expect(strictSchema(answer)).toEqual({
      type: 'object',
      properties: {
        topic: { type: 'string', enum: ['order', 'invoice'] },
        quotes: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' }, page: { type: 'integer' } }, required: ['text', 'page'], additionalProperties: false } },
      },
      required: ['topic', 'quotes'],
      additionalProperties: false,
    });
  });

  it('offers null for what may be missing, and alternatives that a property tells apart', () => {
    const verdict = z.discriminatedUnion('is', [z.strictObject({ is: z.literal('yes') }), z.strictObject({ is: z.literal('no'), why: z.string() })]);
    const answer = z.strictObject({ iban: z.string().nullable(), level: z.enum(['low', 'high']).nullable(), verdict });
    expect(strictSchema(answer)).toMatchObject({
      properties: {
        iban: { type: ['string', 'null'] },
        level: { anyOf: [{ enum: ['low', 'high'] }, { type: 'null' }] },
        verdict: { anyOf: [{ required: ['is'] }, { required: ['is', 'why'], properties: { is: { const: 'no' } } }] },
      },
    });
  });

  it.each([
    ['a record', z.record(z.string(), z.number())],
    ['a tuple', z.tuple([z.string(), z.number()])],
    ['a recursive shape', Part],
  ])('cannot be %s', (_shape, schema) => {
    expect(() => strictSchema(z.strictObject({ value: schema }))).toThrow(/cannot be asked for this shape in strict form/);
  });
});
