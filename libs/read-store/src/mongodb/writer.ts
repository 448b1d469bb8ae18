import { checkDefinitions } from '../definition.ts'
import { fenced, ReadStoreError } from '../errors.ts'
import type { CollectionDefinition, Generation, GenerationOptions, ReadStoreWriter } from '../port.ts'
import { MongodbGeneration } from './generation.ts'
import { MongodbReadStore } from './reader.ts'
import type { RegisteredGeneration, RegistryState } from './registry.ts'
import { sweep } from './sweep.ts'

/** Adds generations to what a reader does. Any number of processes may have one open. */
export class MongodbReadStoreWriter extends MongodbReadStore implements ReadStoreWriter {
  async prepare(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options: GenerationOptions = {},
  ): Promise<Generation> {
    checkDefinitions(projection, definitions)
    const text = JSON.stringify(definitions)
    const found = (state: RegistryState) =>
      state.generations
        .filter((one) => one.projection === projection && one.version === version)
        .filter((one) => JSON.stringify(one.definitions) === text)
        .toSorted((a, b) => Number(b.status === 'active') - Number(a.status === 'active'))[0]
    return await this.#enter({ projection, version, definitions: [...definitions] }, found, options)
  }

  async rebuild(
    projection: string,
    version: number,
    definitions: readonly CollectionDefinition[],
    options: GenerationOptions = {},
  ): Promise<Generation> {
    checkDefinitions(projection, definitions)
    return await this.#enter({ projection, version, definitions: [...definitions] }, () => undefined, options)
  }

  async active(projection: string, options: GenerationOptions = {}): Promise<Generation | null> {
    const { generations } = await this.registry.read()
    const active = generations.find((one) => one.projection === projection && one.status === 'active')
    return active === undefined ? null : new MongodbGeneration(this.connection, this.registry, active, options)
  }

  async purge(): Promise<void> {
    await this.sweep()
  }

  /** Drops what a crash in the middle of a switch-over left. */
  async sweep(): Promise<void> {
    await sweep(this.connection, this.registry)
  }

  /** Takes the generation that is found, or a new one in place of one that is building; and keeps out who has a lower fence. */
  async #enter(
    wanted: Pick<RegisteredGeneration, 'projection' | 'version' | 'definitions'>,
    found: (state: RegistryState) => RegisteredGeneration | undefined,
    options: GenerationOptions,
  ): Promise<Generation> {
    const { projection, definitions } = wanted
    const fence = options.fence ?? 0
    const { entered, replaced } = await this.registry.change((state, nextRevision) => {
      const existing = found(state)
      if (existing !== undefined) return { registered: null, result: { entered: existing, replaced: false } }
      checkOwners(state, projection, definitions)
      const isReplaced = (one: RegisteredGeneration) => one.projection === projection && one.status === 'building'
      const entered: RegisteredGeneration = { ...wanted, number: nextRevision, status: 'building' }
      const generations = [...state.generations.filter((one) => !isReplaced(one)), entered]
      return {
        registered: { generations },
        result: { entered, replaced: state.generations.some(isReplaced) },
      }
    })
    await this.checkpoints.begin(entered.number, fence)
    if (!(await this.checkpoints.raiseFence(entered.number, fence))) throw fenced(projection)
    if (replaced) await this.sweep()
    return new MongodbGeneration(this.connection, this.registry, entered, options)
  }
}

function checkOwners(
  { generations }: RegistryState,
  projection: string,
  definitions: readonly CollectionDefinition[],
): void {
  for (const other of generations.filter((one) => one.projection !== projection)) {
    const taken = other.definitions.find(({ name }) => definitions.some((definition) => definition.name === name))
    if (taken !== undefined) {
      throw new ReadStoreError(
        'BAD_DEFINITION',
        `Rename ${taken.name}: the projection ${other.projection} has it already`,
      )
    }
  }
}
