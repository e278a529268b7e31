import { Controller, Get, HttpCode, Inject, Param, Post, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { KnowledgeOverview } from '#domain/knowledge/knowledge-overview.js';
import type { KnowledgeDocument } from '#domain/knowledge/document.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import { DocumentId } from '#domain/shared/ids.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ProgressStreams } from '../http/progress-streams.js';
import { KnowledgeIndexView, toKnowledgeIndexView } from './indexing.dto.js';
import { DocumentView, toDocumentView } from './knowledge.dto.js';

const idParameter = {
  name: 'id',
  schema: { type: 'string', format: 'uuid' },
  description: 'As the list shows it.',
} as const;
const unknown = 'There is no document with this id.';
const unknownDocument = { when: 'There is no such document (any more).', detail: unknown };

/** How far documents and their vectors are. */
@AdminRoutes('Knowledge')
@Controller('knowledge')
export class IndexingController {
  constructor(
    @Inject(Documents) private readonly documents: Documents,
    @Inject(KnowledgeOverview) private readonly overview: KnowledgeOverview,
    @Inject(ProgressStreams) private readonly streams: ProgressStreams,
  ) {}

  @Get('index')
  @ApiOperation({
    operationId: 'readKnowledgeIndex',
    summary: 'See how far vectors are',
    description:
      'Which model passages are searched with, and, after the model of the settings was changed, how many have their new ' +
      'vectors already. Of all accounts together.',
  })
  @ApiResponse({ status: 200, type: KnowledgeIndexView, description: 'Models, and documents by state.' })
  async index(): Promise<KnowledgeIndexView> {
    return toKnowledgeIndexView(await this.overview.read());
  }

  @Get('documents/:id')
  @ApiOperation({
    operationId: 'readDocument',
    summary: 'See one document',
    description: 'With its state and, while it is processed, its progress. Poll it, or listen to its events.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: DocumentView, description: 'The document, without its text.' })
  @ApiProblems({ 404: unknownDocument })
  async read(@Param('id') id: string): Promise<DocumentView> {
    return toDocumentView(found(await this.documents.find(idOf(id))));
  }

  @Post('documents/:id/reprocess')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'reprocessDocument',
    summary: 'Process a document again',
    description:
      'Reads the file anew, with fresh tries: after it failed for a reason that is mended now. What is in use stays until ' +
      'it is ready.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DocumentView, description: 'It waits for a worker.' })
  @ApiProblems({
    404: unknownDocument,
    409: { when: 'It came as a text.', detail: 'This document came as a text: put the text again instead.' },
  })
  async reprocess(@Param('id') id: string): Promise<DocumentView> {
    return toDocumentView(found(await this.documents.reprocess(idOf(id))));
  }

  @Sse('documents/:id/events')
  @ApiOperation({
    operationId: 'watchDocument',
    summary: 'Watch a document being processed',
    description:
      'Server-sent events: `progress` with the document as the route above shows it, at once and whenever it changed, and ' +
      '`heartbeat` while nothing does. The stream ends when the document is ready, failed or removed.',
  })
  @ApiParam(idParameter)
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'A stream of events.', schema: { type: 'string' } })
  @ApiProblems({ 404: unknownDocument })
  async watch(@Param('id') text: string): Promise<Observable<MessageEvent>> {
    const id = idOf(text);
    found(await this.documents.find(id));
    return this.streams.watch({
      read: async () => {
        const document = await this.documents.find(id);
        return document && toDocumentView(document);
      },
      hasEnded: ({ state }) => state === 'ready' || state === 'failed',
    });
  }
}

/** @throws AppError 'not-found' */
function idOf(text: string): DocumentId {
  const id = DocumentId.safeParse(text);
  if (id.success) return id.data;
  throw new AppError('not-found', unknown);
}

/** @throws AppError 'not-found' */
function found(document: KnowledgeDocument | undefined): KnowledgeDocument {
  if (document) return document;
  throw new AppError('not-found', unknown);
}
