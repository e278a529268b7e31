import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { withoutVector, type KnowledgeFigures } from '#domain/knowledge/knowledge-overview.js';
import { modelStates, type ModelState } from '#domain/knowledge/vectors.js';

export class ModelView {
  @ApiProperty({ example: 'text-embedding-3-small' })
  name!: string;

  @ApiProperty({ type: 'integer', example: 1536 })
  dimensions!: number;

  @ApiProperty({
    enum: modelStates,
    enumName: 'EmbeddingModelState',
    description:
      '`active`: passages are searched with it. `building`: they get its vectors, and then it takes the active one\u2019s ' +
      'place. `retired`: its vectors are being removed.',
  })
  state!: ModelState;

  @ApiProperty({ type: 'integer', example: 120, description: 'Passages that have its vector.' })
  done!: number;

  @ApiProperty({ type: 'integer', example: 120, description: 'Passages that there are.' })
  total!: number;
}

export class DocumentCounts {
  @ApiProperty({ type: 'integer', example: 0 })
  pending!: number;

  @ApiProperty({ type: 'integer', example: 1 })
  processing!: number;

  @ApiProperty({ type: 'integer', example: 12 })
  ready!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  failed!: number;
}

export class KnowledgeIndexView {
  @ApiPropertyOptional({ type: ModelView, description: 'Left out as long as words alone are searched.' })
  active?: ModelView;

  @ApiProperty({ type: [ModelView], description: 'The one of the settings first.' })
  models!: readonly ModelView[];

  @ApiProperty({ type: DocumentCounts, description: 'By the state of their newest version.' })
  documents!: DocumentCounts;

  @ApiProperty({ type: 'integer', example: 120, description: 'Pieces of documents and products that can be found.' })
  passages!: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Those without a vector of the model of the settings: they get one in the background.',
  })
  withoutVector!: number;
}

export function toKnowledgeIndexView(figures: KnowledgeFigures): KnowledgeIndexView {
  const models = figures.models.map(({ name, dimensions, state, passages: done }) => ({
    name,
    dimensions,
    state,
    done,
    total: figures.passages,
  }));
  const active = models.find(({ state }) => state === 'active');
  return {
    ...(active && { active }),
    models,
    documents: figures.documents,
    passages: figures.passages,
    withoutVector: withoutVector(figures),
  };
}
