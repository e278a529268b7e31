import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, DocumentId } from '#domain/shared/ids.js';
import { PutDocument } from '#use-cases/knowledge/put-document.js';
import { RemoveDocument } from '#use-cases/knowledge/remove-document.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  exampleDocument,
  DocumentList,
  DocumentsQuery,
  DocumentView,
  NewDocumentBody,
  toDocumentView,
} from './knowledge.dto.js';

@AdminRoutes('Knowledge')
@Controller('knowledge/documents')
export class KnowledgeController {
  constructor(
    @Inject(PutDocument) private readonly putDocument: PutDocument,
    @Inject(RemoveDocument) private readonly removeDocument: RemoveDocument,
    @Inject(Documents) private readonly documents: Documents,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'putDocument',
    summary: 'Add or replace a document',
    description:
      'Plain text or Markdown; headings help the search. Answers may use it at once. The same title again replaces the ' +
      'document, so it is safe to repeat.',
  })
  @ApiBody({ type: NewDocumentBody, examples: { document: { value: exampleDocument } } })
  @ApiResponse({ status: 201, type: DocumentView, description: 'Stored, and cut into passages.' })
  @ApiProblems({
    400: {
      when: 'A field is missing, unknown or too long, or the body is no JSON.',
      errors: ['text should not be empty'],
    },
    404: { when: 'This account is not connected.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: 'No account is connected yet, or several are and `accountId` does not say which one is meant.',
      detail: 'Several accounts are connected: say which one with accountId.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'There is no title, or no text besides headings.',
      detail: 'The document has no text besides headings.',
    },
  })
  async put(@Body() body: NewDocumentBody): Promise<DocumentView> {
    const accountId = accountOf(body);
    return toDocumentView(await this.putDocument.execute({ accountId, title: body.title, text: body.text }));
  }

  @Get()
  @ApiOperation({ operationId: 'listDocuments', summary: 'List documents', description: 'Of one account, by title.' })
  @ApiResponse({ status: 200, type: DocumentList, description: 'One page of documents, without their text.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 500'] },
    409: {
      when: 'Several accounts are connected, and `accountId` does not say which one is meant.',
      detail: 'Several accounts are connected: say which one with accountId.',
    },
  })
  async list(@Query() query: DocumentsQuery): Promise<DocumentList> {
    const { limit, offset } = query;
    const accountId = accountOf(query);
    const [only, another] = accountId === undefined ? await this.accounts.all() : [{ id: accountId }];
    if (another) throw new AppError('conflict', 'Several accounts are connected: say which one with accountId.');
    const documents = only ? await this.documents.list(only.id, limit, offset) : [];
    return { documents: documents.map(toDocumentView) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeDocument',
    summary: 'Remove a document',
    description: 'New answers stop using it at once; what was published stays.',
  })
  @ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' }, description: 'As the list shows it.' })
  @ApiResponse({ status: 204, description: 'Removed.' })
  @ApiProblems({ 404: { when: 'There is no such document (any more).', detail: 'There is no document with this id.' } })
  async remove(@Param('id') id: string): Promise<void> {
    const documentId = DocumentId.safeParse(id);
    const removed = documentId.success && (await this.removeDocument.execute(documentId.data));
    if (!removed) throw new AppError('not-found', 'There is no document with this id.');
  }
}

/** What was sent has been checked by then. Some clients send null for what they leave out. */
function accountOf({ accountId }: Pick<NewDocumentBody, 'accountId'>): AccountId | undefined {
  return typeof accountId === 'string' ? AccountId.parse(accountId) : undefined;
}
