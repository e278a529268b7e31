import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { KnowledgeDocument } from '#domain/knowledge/document.js';

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

export class DocumentsQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({ default: 100, minimum: 1, maximum: 500 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;

  @ApiPropertyOptional({ default: 0, minimum: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;
}

export class DocumentView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  accountId!: string;

  @ApiProperty({ example: 'Delivery' })
  title!: string;

  @ApiProperty({ example: 3, description: 'Pieces that a search can find.' })
  passages!: number;

  @ApiProperty({ example: 1834 })
  characters!: number;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class DocumentList {
  @ApiProperty({ type: [DocumentView] })
  documents!: readonly DocumentView[];
}

export function toDocumentView(document: KnowledgeDocument): DocumentView {
  return {
    id: document.id,
    accountId: document.accountId,
    title: document.title,
    passages: document.passages,
    characters: document.characters,
    updatedAt: document.updatedAt.toISOString(),
  };
}
