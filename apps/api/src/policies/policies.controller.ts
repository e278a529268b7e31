import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Accounts } from '#domain/accounts/accounts.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies, type PolicyVersion } from '#domain/policies/policies.js';
import { PreparedRules } from '#domain/policies/rules.js';
import { policyChanges, policySettings, ruleSchema, type PolicySettings } from '#domain/policies/settings.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId, MediaId } from '#domain/shared/ids.js';
import { ChangePolicy } from '#use-cases/policies/change-policy.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, accountParameter, postIdOf, unknownAccount } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  PolicyBody,
  PolicyVersions,
  PolicyView,
  PostPolicyBody,
  read,
  RestoreBody,
  RulesBody,
  toPolicyView,
  TriedView,
  TryRulesBody,
  VersionsQuery,
} from './policies.dto.js';

const postParameter = {
  name: 'mediaId',
  example: '18000000000000001',
  description: 'Instagram\u2019s id of the post.',
};

const changing = {
  400: { when: 'A field is missing, unknown or of a wrong kind.', errors: ['settings.preset: Invalid option'] },
  404: unknownAccount,
  409: {
    when: 'Another version came into force meanwhile.',
    detail: 'Version 4 is in force, not 3: read the policy again, then change it.',
  },
  413: { when: 'The body is larger than 5 MB.' },
  415: { when: 'The body is not sent as application/json.' },
  422: {
    when: 'The settings contradict themselves, or something in them can never have an effect; each conflict is named.',
    detail: 'Windows "nights" and "early" share some hours: only one can hold then. (windows-overlap)',
  },
};

type Versioned = Readonly<{ version?: number | null; note?: string | null }>;

/** What an account wants done: in versions, checked as a whole, in force within five seconds. */
@AdminRoutes('Policies')
@Controller('accounts/:id')
export class PoliciesController {
  constructor(
    @Inject(ChangePolicy) private readonly changePolicy: ChangePolicy,
    @Inject(Policies) private readonly policies: Policies,
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(Patterns) private readonly patterns: Patterns,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('policy')
  @ApiOperation({
    operationId: 'getPolicy',
    summary: 'The policy in force',
    description: 'Preset, what differs from it, time windows, posts and rules, with the version that a change names.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: PolicyView, description: 'The newest version.' })
  @ApiProblems({ 404: unknownAccount })
  async inForce(@Param('id') id: string): Promise<PolicyView> {
    return toPolicyView(await this.latest(await this.accountOf(id)));
  }

  @Put('policy')
  @ApiOperation({
    operationId: 'putPolicy',
    summary: 'Change the policy',
    description:
      'Replaces the settings as a whole; the former version stays. In force on all workers within five seconds.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: PolicyView, description: 'The new version.' })
  @ApiProblems(changing)
  async put(@Param('id') id: string, @Body() body: PolicyBody): Promise<PolicyView> {
    const settings = read(policySettings, body.settings, 'settings');
    return await this.change(id, body, () => settings);
  }

  @Put('policy/posts/:mediaId')
  @ApiOperation({
    operationId: 'putPostPolicy',
    summary: 'Change the policy under one post',
    description: 'Holds before the window and the account. Safe to repeat.',
  })
  @ApiParam(accountParameter)
  @ApiParam(postParameter)
  @ApiResponse({ status: 200, type: PolicyView, description: 'The new version.' })
  @ApiProblems(changing)
  async putPost(
    @Param('id') id: string,
    @Param('mediaId') post: string,
    @Body() body: PostPolicyBody,
  ): Promise<PolicyView> {
    const mediaId = postIdOf(post);
    const changes = read(policyChanges, body.changes, 'changes');
    return await this.change(id, body, (settings) => ({
      ...settings,
      posts: [...without(settings, mediaId), { mediaId, changes }],
    }));
  }

  @Delete('policy/posts/:mediaId')
  @ApiOperation({
    operationId: 'deletePostPolicy',
    summary: 'Treat a post like the others again',
    description: 'Takes back what was changed for this post.',
  })
  @ApiParam(accountParameter)
  @ApiParam(postParameter)
  @ApiResponse({ status: 200, type: PolicyView, description: 'The new version.' })
  @ApiProblems({
    404: { when: 'Nothing was changed for this post.', detail: 'Nothing is changed for this post.' },
    409: changing[409],
    422: changing[422],
  })
  async deletePost(@Param('id') id: string, @Param('mediaId') post: string): Promise<PolicyView> {
    const mediaId = postIdOf(post);
    return await this.change(id, {}, (settings) => {
      const posts = without(settings, mediaId);
      if (posts.length === settings.posts.length) throw new AppError('not-found', 'Nothing is changed for this post.');
      return { ...settings, posts };
    });
  }

  @Put('rules')
  @ApiOperation({
    operationId: 'putRules',
    summary: 'Change the rules',
    description: 'All of them, in their order. They act before the model, and without it.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: PolicyView, description: 'The new version.' })
  @ApiProblems(changing)
  async putRules(@Param('id') id: string, @Body() body: RulesBody): Promise<PolicyView> {
    const rules = read(z.array(ruleSchema), body.rules, 'rules');
    return await this.change(id, body, (settings) => ({ ...settings, rules }));
  }

  @Post('rules/try')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'tryRules',
    summary: 'Which rule a text would meet',
    description: 'Nothing is done and nothing is kept: the rules in force, or those that you send, are only looked at.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: TriedView, description: 'The rule that decides, and why.' })
  @ApiProblems({
    400: { ...changing[400], errors: ['text must be a string'] },
    404: unknownAccount,
    413: changing[413],
    415: changing[415],
  })
  async try(@Param('id') id: string, @Body() { text, author, ad, rules }: TryRulesBody): Promise<TriedView> {
    const { settings } = await this.latest(await this.accountOf(id));
    const tried = Array.isArray(rules) ? { ...settings, rules: read(z.array(ruleSchema), rules, 'rules') } : settings;
    const name = author ?? undefined;
    const comment = { text, username: name, authorId: name, adId: ad === true ? 'tried' : undefined };
    const match = new PreparedRules(tried, this.patterns).firstFor(comment, this.clock.now());
    return { rule: match?.rule.name ?? null, because: match?.because ?? [], do: match?.rule.do ?? null };
  }

  @Get('policy/versions')
  @ApiOperation({
    operationId: 'listPolicyVersions',
    summary: 'How the policy came about',
    description: 'Every version with who made it and when, newest first.',
  })
  @ApiParam(accountParameter)
  @ApiResponse({ status: 200, type: PolicyVersions, description: 'One page; empty while nobody has decided anything.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
    404: unknownAccount,
  })
  async versions(@Param('id') id: string, @Query() { limit, before }: VersionsQuery): Promise<PolicyVersions> {
    const found = await this.policies.history(await this.accountOf(id), limit + 1, before);
    const page = found.slice(0, limit);
    return { versions: page.map(toPolicyView), next: found.length > limit ? (page.at(-1)?.version ?? null) : null };
  }

  @Post('policy/versions/:version/restore')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'restorePolicy',
    summary: 'Bring a former version back',
    description: 'As a new version with the same settings; 0 is how it was before anybody decided.',
  })
  @ApiParam(accountParameter)
  @ApiParam({ name: 'version', schema: { type: 'integer' }, example: 2 })
  @ApiResponse({ status: 200, type: PolicyView, description: 'The new version.' })
  @ApiProblems({ ...changing, 404: { when: 'There is no such version.', detail: 'There is no version 9.' } })
  async restore(
    @Param('id') id: string,
    @Param('version') number: string,
    @Body() body: RestoreBody,
  ): Promise<PolicyView> {
    const version = /^\d{1,9}$/u.test(number)
      ? await this.policies.version(await this.accountOf(id), Number(number))
      : undefined;
    if (!version) throw new AppError('not-found', `There is no version ${number}.`);
    return await this.change(
      id,
      { version: body.version ?? null, note: body.note ?? `version ${number} again` },
      () => version.settings,
    );
  }

  private async change(
    id: string,
    { version, note }: Versioned,
    change: (settings: PolicySettings) => PolicySettings,
  ): Promise<PolicyView> {
    const accountId = await this.accountOf(id);
    const said = { after: version ?? undefined, note: note ?? undefined };
    return toPolicyView(await this.changePolicy.execute({ accountId, change, by: 'operator', ...said }));
  }

  /** Not what is remembered: whoever looks at it may be about to change it. */
  private async latest(accountId: AccountId): Promise<PolicyVersion> {
    const [latest] = await this.policies.history(accountId, 1);
    return latest ?? (await this.policies.current(accountId));
  }

  private async accountOf(text: string): Promise<AccountId> {
    return (await this.accounts.get(accountIdOf(text))).id;
  }
}

function without({ posts }: PolicySettings, mediaId: MediaId): PolicySettings['posts'] {
  return posts.filter((each) => each.mediaId !== mediaId);
}
