import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import type { Media } from '#domain/media/media.js';
import { understandingStates, type Understanding } from '#domain/media/understandings.js';

/** About the tokens that a description may take in a call. */
const longestText = 4_000;

export class UnderstandingBody {
  @ApiProperty({
    maxLength: longestText,
    example: 'Our autumn menu: apple pie 800 ₽, cherry pie 850 ₽, until 15 November.',
    description: 'What can be seen in the post, in any language: it is shown to the model with every comment under it.',
  })
  @IsString()
  @MaxLength(longestText)
  @Matches(/\S/u, { message: 'text is empty' })
  text!: string;
}

export class UnderstandingView {
  @ApiProperty({
    enum: understandingStates,
    example: 'ready',
    description:
      'pending: it is being made, or tried again later. failed: nobody tries again by itself, `problem` says why. ' +
      'edited: by a person, and no machine writes over it.',
  })
  state!: string;

  @ApiProperty({ nullable: true, type: String, example: 'A cherry pie, cut open.\nPrices: 850 ₽' })
  text!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    example: null,
    description: 'Why there is no text, or which pictures are missing in it.',
  })
  problem!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'gpt-6-luna', description: 'Null for what a person wrote.' })
  model!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'describe-picture@1' })
  promptVersion!: string | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When the text was made or edited.' })
  madeAt!: string | null;
}

export class PostView {
  @ApiProperty({ example: '17900000000000105' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ nullable: true, type: String, example: 'CAROUSEL_ALBUM' })
  type!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'Seasonal pies: apple, cherry, pumpkin.' })
  caption!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'https://www.instagram.com/p/WBpies005/' })
  permalink!: string | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  postedAt!: string | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When Instagram was asked last.' })
  readAt!: string | null;

  @ApiProperty({ type: 'integer', example: 3, description: 'Pictures that can be looked at; of a video its still.' })
  pictures!: number;

  @ApiProperty({
    nullable: true,
    type: UnderstandingView,
    description: 'Null when nobody has looked yet: that happens at the first comment that a model is asked about.',
  })
  understanding!: UnderstandingView | null;
}

export function toPostView(media: Media, understanding: Understanding | undefined): PostView {
  return {
    id: media.id,
    accountId: media.accountId,
    type: media.type ?? null,
    caption: media.caption ?? null,
    permalink: media.permalink ?? null,
    postedAt: media.postedAt?.toISOString() ?? null,
    readAt: media.readAt?.toISOString() ?? null,
    pictures: media.pictures?.length ?? 0,
    understanding: understanding ? toUnderstandingView(understanding) : null,
  };
}

export function toUnderstandingView(understanding: Understanding): UnderstandingView {
  const { state, text, problem, model, promptVersion, madeAt } = understanding;
  return {
    state,
    text: text ?? null,
    problem: problem ?? null,
    model: model ?? null,
    promptVersion: promptVersion ?? null,
    madeAt: madeAt?.toISOString() ?? null,
  };
}
