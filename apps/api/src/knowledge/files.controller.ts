import { BadRequestException, Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FileSource } from '#domain/knowledge/file-source.js';
import type { Submission } from '#domain/knowledge/knowledge.js';
import { AccountId } from '#domain/shared/ids.js';
import { AddFile, type AboutFile } from '#use-cases/knowledge/add-file.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { readFile, takesFile } from './file-upload.js';
import { AboutFileBody, FileForm, RegistrationBody } from './files.dto.js';
import { DocumentView, toDocumentView } from './knowledge.dto.js';

const accepted = 'Stored. It waits to be read and indexed: ask for the document until its state is ready or failed.';
const known = 'The account has this very file already: here is its document, and nothing was stored.';
const problems = {
  404: { when: 'This account is not connected.', detail: 'no account 17841400000000000 is connected' },
  409: {
    when: 'The account is not clear, or keeps as many files as it may.',
    detail: 'Several accounts are connected: say which one with accountId.',
  },
  422: {
    when: 'The file is not taken: its name and its first bytes disagree, it is of no kind that is read, or the virus scanner found something.',
    detail: 'The name ends in .pdf, but the file is a Word document. Give it a name that ends in .docx.',
  },
} as const;

@AdminRoutes('Knowledge')
@Controller('knowledge/files')
export class FilesController {
  constructor(
    @Inject(AddFile) private readonly addFile: AddFile,
    @Inject(FileSource) private readonly source: FileSource,
  ) {}

  @Post()
  @RouteConfig(takesFile)
  @ApiOperation({
    operationId: 'uploadFile',
    summary: 'Upload a file',
    description:
      'PDF, DOCX, XLSX, CSV, TXT, MD or HTML, at most 50 MB. It is read and indexed in the background; what was in use under its title stays in use until then.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: FileForm })
  @ApiResponse({ status: 202, type: DocumentView, description: accepted })
  @ApiResponse({ status: 200, type: DocumentView, description: known })
  @ApiProblems({
    ...problems,
    400: { when: 'The form has no file, more than one, or an unknown field.', errors: ['property x should not exist'] },
    413: {
      when: 'The file is larger than 50 MB.',
      detail: 'The file is larger than 50 MB. Split it into several files.',
    },
    415: { when: 'The body is not sent as multipart/form-data.' },
  })
  async upload(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<DocumentView> {
    const submission = await readFile(request, ['title', 'accountId'], async ({ name, content, fields }) => {
      const about = async (): Promise<AboutFile> => aboutOf(await checked(await fields()));
      return await this.addFile.execute({ name, content, source: 'upload', about });
    });
    return answered(submission, reply);
  }

  @Post('registrations')
  @ApiOperation({
    operationId: 'registerFile',
    summary: 'Fetch a file from an address',
    description: 'As an upload; the file is fetched at once, within a minute. Redirects are followed three times.',
  })
  @ApiResponse({ status: 202, type: DocumentView, description: accepted })
  @ApiResponse({ status: 200, type: DocumentView, description: known })
  @ApiProblems({
    ...problems,
    400: { when: 'A field is missing, unknown or too long.', errors: ['address should not be empty'] },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'The address is not asked (not https, not public, another bucket), has no file, or the file is not taken.',
      detail: 'The address is not taken: only https addresses of the public internet are asked.',
    },
  })
  async register(
    @Body() body: RegistrationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DocumentView> {
    const { address } = body;
    const { name, content } = await this.source.open(address);
    const about = async (): Promise<AboutFile> => await Promise.resolve(aboutOf(body));
    return answered(await this.addFile.execute({ name, content, source: 'address', address, about }), reply);
  }
}

/** As the pipe of all other routes checks a body; a form sends an empty field for what was left out. */
async function checked(fields: Readonly<Record<string, string>>): Promise<AboutFileBody> {
  const said = Object.entries(fields).filter(([, value]) => value !== '');
  const body = plainToInstance(AboutFileBody, Object.fromEntries(said));
  const wrong = await validate(body, { whitelist: true, forbidNonWhitelisted: true });
  if (wrong.length > 0)
    throw new BadRequestException(wrong.flatMap(({ constraints }) => Object.values(constraints ?? {})));
  return body;
}

/** Some clients send null for what they leave out. */
function aboutOf({ accountId, title }: AboutFileBody): AboutFile {
  return {
    accountId: typeof accountId === 'string' ? AccountId.parse(accountId) : undefined,
    title: title ?? undefined,
  };
}

function answered({ kind, document }: Submission, reply: FastifyReply): DocumentView {
  void reply.status(kind === 'accepted' ? 202 : 200);
  return toDocumentView(document);
}
