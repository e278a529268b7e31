import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { fileTypes, type FileType } from '#domain/knowledge/document-reader.js';
import {
  documentFailures,
  documentSources,
  documentStates,
  type DocumentFailure,
  type DocumentSource,
  type DocumentState,
  type KnowledgeDocument,
} from '#domain/knowledge/document.js';

/** A long manual; longer ones come as files later. Also what the body limit of the route allows. */
const longestText = 1_000_000;

/** What `AccountId` takes. */
const usableAccountId = /^[\x21-\x7E]{1,64}$/u;

export class NewDocumentBody {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiProperty({ example: 'Delivery', maxLength: 200, description: 'The same title again replaces the document.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  title!: string;

  @ApiProperty({ example: '# Delivery\nWe deliver every day from 9 to 20.', maxLength: longestText })
  @IsString()
  @IsNotEmpty()
  @MaxLength(longestText)
  text!: string;
}

/** What the form at /docs is filled with: works as it stands while one account is connected. */
export const exampleDocument = {
  title: 'Delivery',
  text: '# Delivery\n\nWe deliver every day from 9 to 20. Orders above 30 \u20ac are delivered for free.',
};

export class DocumentsQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({ type: 'integer', default: 100, minimum: 1, maximum: 500, description: 'How many at most.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;

  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'How many to skip.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;
}

export class FileView {
  @ApiProperty({ example: 'price-list.pdf', description: 'As who sent it called it.' })
  name!: string;

  @ApiProperty({ type: 'integer', example: 48_211 })
  bytes!: number;

  @ApiProperty({ description: 'SHA-256 of its content, in hexadecimal.' })
  hash!: string;
}

export class ProgressView {
  @ApiProperty({ type: 'integer', example: 40, description: 'Passages that are ready.' })
  done!: number;

  @ApiPropertyOptional({ type: 'integer', example: 120, description: 'All of them; left out until the file is read.' })
  total?: number;
}

export class DocumentView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'Delivery' })
  title!: string;

  @ApiProperty({ enum: documentSources, enumName: 'DocumentSource' })
  source!: DocumentSource;

  @ApiProperty({ enum: fileTypes, enumName: 'FileType' })
  type!: FileType;

  @ApiPropertyOptional({ type: FileView, description: 'Of the newest version; left out for a text.' })
  file?: FileView;

  @ApiPropertyOptional({ description: 'Where it was fetched.' })
  address?: string;

  @ApiProperty({
    enum: documentStates,
    enumName: 'DocumentState',
    description:
      'Of the newest version: it waits, is being prepared, is in use, or cannot be used as it is. While it is not ready ' +
      'the version before it stays in use.',
  })
  state!: DocumentState;

  @ApiPropertyOptional({ enum: documentFailures, enumName: 'DocumentFailure', description: 'Why it failed.' })
  reason?: DocumentFailure;

  @ApiPropertyOptional({ description: 'Why it failed and what to do, for a person.' })
  detail?: string;

  @ApiPropertyOptional({ type: ProgressView, description: 'While it is pending or processing.' })
  progress?: ProgressView;

  @ApiProperty({ type: 'integer', example: 1, description: 'Of what is in use; 0 while nothing has been.' })
  version!: number;

  @ApiProperty({ type: 'integer', example: 3, description: 'Pieces that a search can find.' })
  passages!: number;

  @ApiProperty({ type: 'integer', example: 1834, description: 'Length of the text that is in use.' })
  characters!: number;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class DocumentList {
  @ApiProperty({ type: [DocumentView] })
  documents!: readonly DocumentView[];
}

export function toDocumentView(document: KnowledgeDocument): DocumentView {
  const { file, address, reason, detail, progress } = document;
  return {
    id: document.id,
    accountId: document.accountId,
    title: document.title,
    source: document.source,
    type: document.type,
    ...(file && { file: { name: file.name, bytes: file.bytes, hash: file.hash } }),
    ...(address !== undefined && { address }),
    state: document.state,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
    ...(progress && {
      progress: { done: progress.done, ...(progress.total !== undefined && { total: progress.total }) },
    }),
    version: document.version,
    passages: document.passages,
    characters: document.characters,
    createdAt: document.createdAt.toISOString(),
    updatedAt: document.updatedAt.toISOString(),
  };
}
