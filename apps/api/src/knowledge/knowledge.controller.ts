import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, DocumentId } from '#domain/shared/ids.js';
import { PutDocument } from '#use-cases/knowledge/put-document.js';
import { AdminGuard } from '../http/admin.guard.js';
import { DocumentList, DocumentsQuery, DocumentView, NewDocumentBody, toDocumentView } from './knowledge.dto.js';

@ApiTags('Knowledge')
@ApiBearerAuth()
@UseGuards(AdminGuard)
@Controller('knowledge/documents')
export class KnowledgeController {
  constructor(
    @Inject(PutDocument) private readonly putDocument: PutDocument,
    @Inject(Documents) private readonly documents: Documents,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Add or replace a document',
    description: 'Plain text or Markdown; headings help the search.',
  })
  @ApiResponse({ status: 201, type: DocumentView })
  @ApiResponse({ status: 400, description: 'A field is missing or too long.' })
  @ApiResponse({ status: 409, description: 'No account is connected yet, or it is not clear which one is meant.' })
  async put(@Body() body: NewDocumentBody): Promise<DocumentView> {
    const accountId = accountOf(body);
    return toDocumentView(await this.putDocument.execute({ accountId, title: body.title, text: body.text }));
  }

  @Get()
  @ApiOperation({ summary: 'List documents', description: 'By title.' })
  @ApiResponse({ status: 200, type: DocumentList })
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
  @ApiOperation({ summary: 'Remove a document', description: 'Answers stop using it at once.' })
  @ApiResponse({ status: 204, description: 'Removed.' })
  @ApiResponse({ status: 404, description: 'No such document.' })
  async remove(@Param('id') id: string): Promise<void> {
    const documentId = DocumentId.safeParse(id);
    const removed = documentId.success && (await this.documents.remove(documentId.data));
    if (!removed) throw new AppError('not-found', 'There is no document with this id.');
  }
}

/** What was sent has been checked by then. Some clients send null for what they leave out. */
function accountOf({ accountId }: Pick<NewDocumentBody, 'accountId'>): AccountId | undefined {
  return typeof accountId === 'string' ? AccountId.parse(accountId) : undefined;
}
