import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { contentOf, type Media } from '#domain/media/media.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import { Understandings } from '#domain/media/understandings.js';
import { AppError } from '#domain/shared/errors.js';
import { MediaId } from '#domain/shared/ids.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { PostView, toPostView, toUnderstandingView, UnderstandingBody, UnderstandingView } from './posts.dto.js';

const idParameter = {
  name: 'id',
  schema: { type: 'string' },
  example: '17900000000000105',
  description: 'Instagram\u2019s id of the post.',
} as const;
const unknownPost = {
  when: 'No comment under such a post has been understood yet.',
  detail: 'This post is not known here: it is read at its first comment.',
};

@AdminRoutes('Understanding')
@Controller('posts/:id')
export class PostsController {
  constructor(
    @Inject(MediaLibrary) private readonly library: MediaLibrary,
    @Inject(Understandings) private readonly understandings: Understandings,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getPost',
    summary: 'A post as the model is shown it',
    description: 'Caption and kind as Instagram told them last, and what is seen in its pictures.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: PostView, description: 'The post.' })
  @ApiProblems({ 404: unknownPost })
  async get(@Param('id') id: string): Promise<PostView> {
    const media = await this.known(id);
    return toPostView(media, await this.understandings.find(media.id));
  }

  @Put('understanding')
  @ApiOperation({
    operationId: 'editUnderstanding',
    summary: 'Write down what is seen in a post',
    description:
      'Replaces what the model saw; no machine writes over it, also when the post changes. Comments that are understood ' +
      'from a minute later on are understood with it.',
  })
  @ApiParam(idParameter)
  @ApiBody({ type: UnderstandingBody })
  @ApiResponse({ status: 200, type: UnderstandingView, description: 'It is stored.' })
  @ApiProblems({
    400: { when: 'The text is missing, empty or too long, or the body is no JSON.', errors: ['text is empty'] },
    404: unknownPost,
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async edit(@Param('id') id: string, @Body() { text }: UnderstandingBody): Promise<UnderstandingView> {
    const media = await this.known(id);
    return toUnderstandingView(await this.understandings.edit(media.id, contentOf(media), text));
  }

  @Post('understanding/refresh')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'refreshUnderstanding',
    summary: 'Have a post looked at again',
    description:
      'A worker describes it anew within a quarter of a minute; until then the text stays what it is. This also gives back ' +
      'to the machine what a person edited. Costs one model call per picture. Safe to repeat.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: UnderstandingView, description: 'It will be.' })
  @ApiProblems({ 404: unknownPost })
  async refresh(@Param('id') id: string): Promise<UnderstandingView> {
    const media = await this.known(id);
    return toUnderstandingView(await this.understandings.askAnew(media.id, contentOf(media)));
  }

  /** @throws AppError 'not-found' */
  private async known(text: string): Promise<Media> {
    const id = MediaId.safeParse(text);
    const media = id.success ? await this.library.find(id.data) : undefined;
    if (media) return media;
    throw new AppError('not-found', 'This post is not known here: it is read at its first comment.');
  }
}
