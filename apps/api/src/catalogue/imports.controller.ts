import {
  BadRequestException,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { Imports, lineOutcomes, type ProductImport } from '#domain/catalogue/imports.js';
import { AppError } from '#domain/shared/errors.js';
import { ReceiveImport, type AboutImport } from '#use-cases/catalogue/receive-import.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ProgressStreams } from '../http/progress-streams.js';
import { readFile, takesFile } from '../knowledge/file-upload.js';
import {
  AboutImportBody,
  ImportForm,
  ImportLineList,
  ImportList,
  ImportsQuery,
  ImportView,
  LinesQuery,
  toImportLineView,
  toImportView,
} from './imports.dto.js';
import { accountOf } from './products.dto.js';

const nothingSuch = 'There is no such import.';
const idParameter = {
  name: 'id',
  schema: { type: 'string', format: 'uuid' },
  description: 'As the list shows it.',
} as const;
const unknown = { when: 'There is no such import (any more).', detail: nothingSuch };
const usually = lineOutcomes.filter((outcome) => outcome !== 'waiting');

/** Products from a file, line by line, in the background. */
@AdminRoutes('Catalogue')
@Controller('knowledge/products/imports')
export class ImportsController {
  constructor(
    @Inject(ReceiveImport) private readonly receive: ReceiveImport,
    @Inject(Imports) private readonly imports: Imports,
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(ProgressStreams) private readonly streams: ProgressStreams,
  ) {}

  @Post()
  @HttpCode(202)
  @RouteConfig(takesFile)
  @ApiOperation({
    operationId: 'importProducts',
    summary: 'Import products',
    description:
      'A CSV or XLSX file whose first line names the columns, in English or Russian, in any order: sku, title, ' +
      'description, price, currency, availability, url, tags. Products are added or changed by sku; a column that is not ' +
      'there leaves alone what stands, an empty cell takes it away. Good lines go in, the others are reported; the same ' +
      'file again changes nothing.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: ImportForm })
  @ApiResponse({
    status: 202,
    type: ImportView,
    description: 'Stored. It waits for a worker: ask for it until it ends.',
  })
  @ApiProblems({
    400: { when: 'The form has no file, more than one, or an unknown field.', errors: ['property x should not exist'] },
    404: { when: 'This account is not connected.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: 'The account is not clear, or five of its imports are unfinished.',
      detail: '5 imports of this account are unfinished: wait for one of them, or cancel it.',
    },
    413: { when: 'The form is larger than 50 MB.' },
    415: { when: 'The body is not sent as multipart/form-data.' },
    422: {
      when: 'The file is no CSV or XLSX, is larger than 20 MB, or its name and its first bytes disagree.',
      detail: 'Products come as CSV or XLSX. Save the table as one of these.',
    },
  })
  async send(@Req() request: FastifyRequest): Promise<ImportView> {
    const names = ['accountId', 'currency', 'missing', 'dryRun'];
    const created = await readFile(request, names, async ({ name, content, fields }) => {
      const about = async (): Promise<AboutImport> => aboutOf(await checked(await fields()));
      return await this.receive.execute({ name, content, about });
    });
    return toImportView(created);
  }

  @Get()
  @ApiOperation({ operationId: 'listImports', summary: 'List imports', description: 'Of one account, newest first.' })
  @ApiResponse({ status: 200, type: ImportList, description: 'One page; kept for 30 days.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
    404: { when: 'No such account is connected.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: 'Several accounts are connected, and `accountId` does not say which one is meant.',
      detail: 'Several accounts are connected: say which one with accountId.',
    },
  })
  async list(@Query() query: ImportsQuery): Promise<ImportList> {
    const { limit, before } = query;
    const accountId = await meantAccount(this.accounts, accountOf(query));
    const found = await this.imports.list(accountId, before, limit + 1);
    const page = found.slice(0, limit);
    return { imports: page.map(toImportView), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getImport',
    summary: 'How far an import is',
    description: 'While it is queued or running, ask again every few seconds.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: ImportView, description: 'With counts of lines.' })
  @ApiProblems({ 404: unknown })
  async read(@Param('id') id: string): Promise<ImportView> {
    return toImportView(await this.known(id));
  }

  @Sse(':id/events')
  @ApiOperation({
    operationId: 'watchImport',
    summary: 'Watch an import',
    description:
      'Server-sent events: `progress` with the import as the route above shows it, at once and whenever it changed, and ' +
      '`heartbeat` while nothing does. The stream ends with the import.',
  })
  @ApiParam(idParameter)
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'A stream of events.', schema: { type: 'string' } })
  @ApiProblems({ 404: unknown })
  async watch(@Param('id') text: string): Promise<Observable<MessageEvent>> {
    const { id } = await this.known(text);
    return this.streams.watch({
      read: async () => {
        const found = await this.imports.find(id);
        return found && toImportView(found);
      },
      hasEnded: ({ state }) => state !== 'queued' && state !== 'running',
    });
  }

  @Get(':id/lines')
  @ApiOperation({
    operationId: 'getImportReport',
    summary: 'The report, line by line',
    description:
      'What became of each line, what is wrong with it and what to do. `outcome=failed` for what was not used.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: ImportLineList, description: 'One page, in the order of the file.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
    404: unknown,
  })
  async lines(@Param('id') id: string, @Query() query: LinesQuery): Promise<ImportLineList> {
    const { limit, after, outcome } = query;
    const { id: known } = await this.known(id);
    const found = await this.imports.lines(known, outcome ? [outcome] : usually, after, limit + 1);
    const page = found.slice(0, limit);
    return { lines: page.map(toImportLineView), next: found.length > limit ? (page.at(-1)?.number ?? null) : null };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelImport',
    summary: 'Cancel an import',
    description: 'At once. Lines that were used stay used; the report says which.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: ImportView, description: 'It is cancelled.' })
  @ApiProblems({ 404: unknown, 409: { when: 'It has ended already.', detail: 'This import has ended already.' } })
  async cancel(@Param('id') id: string): Promise<ImportView> {
    const { id: known } = await this.known(id);
    if (!(await this.imports.cancel(known))) throw new AppError('conflict', 'This import has ended already.');
    return toImportView(await this.known(known));
  }

  private async known(id: string): Promise<ProductImport> {
    const found = z.uuid().safeParse(id).success ? await this.imports.find(id) : undefined;
    if (!found) throw new AppError('not-found', nothingSuch);
    return found;
  }
}

/** As the pipe of all other routes checks a body; a form sends an empty field for what was left out. */
async function checked(fields: Readonly<Record<string, string>>): Promise<AboutImportBody> {
  const said = Object.entries(fields).filter(([, value]) => value !== '');
  const body = plainToInstance(AboutImportBody, Object.fromEntries(said));
  const wrong = await validate(body, { whitelist: true, forbidNonWhitelisted: true });
  if (wrong.length > 0)
    throw new BadRequestException(wrong.flatMap(({ constraints }) => Object.values(constraints ?? {})));
  return body;
}

function aboutOf(body: AboutImportBody): AboutImport {
  const { currency, missing = 'keep', dryRun } = body;
  return { accountId: accountOf(body), currency, missing, dryRun: dryRun === 'true' };
}
