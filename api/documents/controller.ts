import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { DocumentRef, Sha256 } from '../../contracts/documents.ts';
import type { Answer } from '../http/answer.ts';
import { Serves } from '../http/serves.ts';
import type { Documents } from './documents.ts';
import { documentMediaTypes } from './limits.ts';

export const documentsToken = Symbol('documents');

@ApiTags('documents')
@Controller('api/documents')
export class DocumentsController {
  readonly #documents: Documents;

  constructor(@Inject(documentsToken) documents: Documents) {
    this.#documents = documents;
  }

  @Post()
  @HttpCode(201)
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Serves('documents.upload', {
    summary: 'Hand in a document',
    description: 'The bytes of a PDF, PNG or JPEG of up to 20 MB, as the body. What it is, is told by its content. The same bytes again are the same document.',
    body: 'document',
    answers: { 201: { is: 'The reference by which a process takes the document.', json: DocumentRef } },
    problems: [413, 415, 422],
  })
  upload(@Body() bytes: Uint8Array | undefined, @Headers('content-type') claimed: string): Promise<Answer> {
    return this.#documents.upload({ bytes, claimed });
  }

  @Get(':sha256')
  @Serves('documents.read', {
    summary: 'Fetch a document',
    answers: { 200: { is: 'Its bytes.', file: ['application/pdf', 'image/png', 'image/jpeg', 'application/json', 'application/octet-stream'] } },
    problems: [404],
  })
  read(@Param('sha256', { schema: Sha256 }) sha256: string): Promise<Answer> {
    return this.#documents.read(sha256);
  }
}
