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

export class DocumentView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'Delivery' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 3, description: 'Pieces that a search can find.' })
  passages!: number;

  @ApiProperty({ type: 'integer', example: 1834, description: 'Length of the text.' })
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
