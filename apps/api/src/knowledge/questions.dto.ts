import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { reasons } from '#domain/comments/reason-codes.js';
import type { Passage } from '#domain/knowledge/document.js';
import { microsPerDollar } from '#domain/spending/budget.js';
import type { Asked } from '#use-cases/answers/ask-question.js';

const usableId = /^[\x21-\x7E]{1,64}$/u;

export class QuestionBody {
  @ApiProperty({ example: 'How much is delivery?', maxLength: 2_000 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  question!: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'The post under which it would be asked.' })
  @IsOptional()
  @Matches(usableId, { message: 'postId is not usable as an id' })
  postId?: string | null;
}

export class FindingView {
  @ApiProperty({ example: 'gate-figure' })
  reason!: string;

  @ApiProperty({ example: '250', description: 'What was found.' })
  found!: string;

  @ApiProperty({ description: 'What it means.' })
  explanation!: string;

  @ApiProperty({ description: 'What to do.' })
  todo!: string;
}

export class SourceView {
  @ApiProperty({ format: 'uuid', description: 'Of the passage.' })
  id!: string;

  @ApiProperty({ format: 'uuid', type: String, nullable: true })
  documentId!: string | null;

  @ApiProperty({ format: 'uuid', type: String, nullable: true })
  productId!: string | null;

  @ApiProperty({ example: 'Delivery' })
  title!: string;

  @ApiProperty({ type: String, nullable: true, example: 'In the city' })
  heading!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'page 3' })
  place!: string | null;

  @ApiProperty({ description: 'As the model saw it.' })
  text!: string;

  @ApiProperty({ description: 'More is better; comparable within one answer only.' })
  score!: number;

  @ApiProperty({ description: 'Whether the answer cites it.' })
  cited!: boolean;
}

const outcomes = [
  'would-be-published',
  'would-wait',
  'fallback',
  'forbidden-topic',
  'no-knowledge',
  'abstained',
  'refused',
  'unreadable',
  'over-budget',
] as const;

export class AnswerView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({
    enum: outcomes,
    description:
      '`would-wait`: written, and the gate found something · `fallback`: the account\u2019s own text would be given · the others: nothing is written.',
  })
  outcome!: (typeof outcomes)[number];

  @ApiProperty({ type: String, nullable: true, example: 'Delivery costs 250 ₽.' })
  answer!: string | null;

  @ApiProperty({ type: [FindingView], description: 'Of the gate; empty when it would let the answer out.' })
  findings!: readonly FindingView[];

  @ApiProperty({ type: [SourceView], description: 'What was found, best first.' })
  sources!: readonly SourceView[];

  @ApiProperty({ type: String, nullable: true, example: 'gpt-6-luna' })
  model!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'write-reply@2' })
  promptVersion!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.0004,
    description: 'Dollars; null when nobody was asked or the model\u2019s price is not known.',
  })
  cost!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why nothing was written, as far as it is known.' })
  detail!: string | null;
}

export function toAnswerView({ accountId, answer }: Asked): AnswerView {
  const nothing = {
    answer: null,
    findings: [],
    sources: [],
    model: null,
    promptVersion: null,
    cost: null,
    detail: null,
  };
  const spent = 'spent' in answer && answer.spent !== undefined ? answer.spent / microsPerDollar : null;
  switch (answer.kind) {
    case 'forbidden-topic':
      return { ...nothing, accountId, outcome: answer.kind, detail: answer.topic };
    case 'over-budget':
      return { ...nothing, accountId, outcome: answer.kind, sources: sourcesOf(answer), detail: answer.whose };
    case 'refused':
    case 'unreadable':
      return {
        ...nothing,
        accountId,
        outcome: answer.kind,
        sources: sourcesOf(answer),
        cost: spent,
        detail: answer.detail,
      };
    case 'no-knowledge':
    case 'abstained': {
      const said = answer.fallback?.text ?? null;
      const sources = answer.kind === 'abstained' ? sourcesOf(answer) : [];
      return {
        ...nothing,
        accountId,
        outcome: said === null ? answer.kind : 'fallback',
        answer: said,
        sources,
        cost: spent,
      };
    }
    case 'written':
      return {
        ...nothing,
        accountId,
        outcome: answer.findings.length === 0 ? 'would-be-published' : 'would-wait',
        answer: answer.draft.text,
        findings: answer.findings.map(({ reason, found }) => {
          const { explanation, todo } = reasons[reason];
          return { reason, found, explanation, todo };
        }),
        sources: sourcesOf(answer),
        model: answer.draft.model,
        promptVersion: answer.draft.promptVersion,
        cost: spent,
      };
  }
}

function sourcesOf({
  passages,
  cited = [],
}: {
  readonly passages: readonly Passage[];
  readonly cited?: readonly Passage[];
}): readonly SourceView[] {
  return passages.map((passage) => ({
    id: passage.id,
    documentId: passage.documentId ?? null,
    productId: passage.productId ?? null,
    title: passage.title,
    heading: passage.heading ?? null,
    place: passage.place ?? null,
    text: passage.text,
    score: passage.score,
    cited: cited.includes(passage),
  }));
}
