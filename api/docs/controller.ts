import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Answer } from '../http/answer.ts';
import { Serves } from '../http/serves.ts';
import type { Docs } from './docs.ts';

export const docsToken = Symbol('docs');

@ApiTags('docs')
@Controller('api')
export class DocsController {
  readonly #docs: Docs;

  constructor(@Inject(docsToken) docs: Docs) {
    this.#docs = docs;
  }

  @Get('openapi.json')
  @Serves('docs.openapi', { summary: 'This document', answers: { 200: { is: 'OpenAPI 3.0.', json: z.record(z.string(), z.unknown()) } } })
  openApi(): object {
    return this.#docs.openApi();
  }

  @Get('docs')
  @Serves('docs.page', {
    summary: 'The page that shows this document',
    description: 'Open to anybody, since a browser cannot send a token with an address; it asks for a token, and fetches the document with it.',
    answers: { 200: { is: 'The page.', file: ['text/html'] } },
  })
  page(): Promise<Answer> {
    return this.#docs.page();
  }

  @Get('docs/:file')
  @Serves('docs.file', { summary: 'What the page needs', answers: { 200: { is: 'A script or a style sheet.', file: ['text/javascript', 'text/css'] } }, problems: [400, 404] })
  file(@Param('file', { schema: z.string() }) file: string): Promise<Answer> {
    return this.#docs.file(file);
  }
}
