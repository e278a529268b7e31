import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { Passage } from '#domain/knowledge/document.js';

/** What `AccountId` takes. */
const usableAccountId = /^[\x21-\x7E]{1,64}$/u;

export class SearchQuery {
  @ApiProperty({ example: 'Do you deliver on Sundays?', maxLength: 1_000, description: 'In a customer\u2019s words.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  question!: string;

  @ApiPropertyOptional({
    type: 'integer',
    default: 6,
    minimum: 1,
    maximum: 20,
    description: 'How many passages at most. Answers are written from the first six.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(20)
  limit = 6;

  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string;
}

export class FoundPassageView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({
    minimum: 0,
    maximum: 1,
    example: 0.87,
    description: 'Order within this search; 1 is first by words and by meaning.',
  })
  score!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.52,
    description: 'Cosine of the angle to the question; null when it was found by words only.',
  })
  similarity!: number | null;

  @ApiProperty({ enum: ['document', 'product'], description: 'Where it is from.' })
  source!: 'document' | 'product';

  @ApiProperty({ format: 'uuid', description: 'Of that document or product.' })
  sourceId!: string;

  @ApiProperty({ example: 'Delivery', description: 'The document\u2019s title or the product\u2019s name.' })
  title!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Delivery in the city', description: 'The headings above it.' })
  heading!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'page 3', description: 'Where it stands in the file.' })
  place!: string | null;

  @ApiProperty({ example: 'We deliver in the city every day from 9:00 to 20:00.' })
  text!: string;
}

export class SearchView {
  @ApiProperty({ type: [FoundPassageView], description: 'Best first; empty when nothing fits.' })
  passages!: readonly FoundPassageView[];
}

export function toFoundPassageView(passage: Passage): FoundPassageView {
  return {
    id: passage.id,
    score: rounded(passage.score),
    similarity: passage.similarity === undefined ? null : rounded(passage.similarity),
    source: passage.productId === undefined ? 'document' : 'product',
    sourceId: passage.productId ?? passage.documentId ?? '',
    title: passage.title,
    heading: passage.heading ?? null,
    place: passage.place ?? null,
    text: passage.text,
  };
}

function rounded(figure: number): number {
  return Math.round(figure * 1_000) / 1_000;
}
