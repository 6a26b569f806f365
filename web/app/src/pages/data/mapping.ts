// How the columns of a file map, as the API has it; a person moves a column, nothing is judged here.
export interface Mapping {
  entities: Record<string, Record<string, string | string[]>>;
  extras?: Record<string, Record<string, string>>;
  ignore?: string[];
  formats?: Record<string, unknown>;
  [more: string]: unknown;
}

/** Where a column goes: `orders.amount` and others; more than one where it feeds several tables. */
export function targetsOf(mapping: Mapping, column: string): string[] {
  const named = (table: Record<string, Record<string, string | string[]>>) =>
    Object.entries(table).flatMap(([entity, attributes]) =>
      Object.entries(attributes)
        .filter(([, from]) => [from].flat().includes(column))
        .map(([attribute]) => `${entity}.${attribute}`),
    );
  return [...named(mapping.entities), ...named(mapping.extras ?? {})];
}

/** The mapping with a column going to other targets; to none leaves it out on purpose. */
export function moved(mapping: Mapping, column: string, targets: string[]): Mapping {
  const entities = without(mapping.entities, column);
  for (const target of targets) {
    const [entity = "", attribute = ""] = target.split(".");
    entities[entity] = { ...entities[entity], [attribute]: column };
  }
  const { [column]: _, ...formats } = mapping.formats ?? {}; // how it is read is found out anew
  const ignore = (mapping.ignore ?? []).filter((each) => each !== column);
  return {
    ...mapping,
    entities: Object.fromEntries(Object.entries(entities).filter(([, attributes]) => Object.keys(attributes).length)),
    extras: without(mapping.extras ?? {}, column) as Record<string, Record<string, string>>,
    formats,
    ignore: targets.length ? ignore : [...ignore, column],
  };
}

function without(table: Mapping["entities"], column: string): Mapping["entities"] {
  const kept = (from: string | string[]) => (Array.isArray(from) ? from.filter((each) => each !== column) : from === column ? [] : from);
  return Object.fromEntries(
    Object.entries(table).map(([entity, attributes]) => [
      entity,
      Object.fromEntries(Object.entries(attributes).map(([attribute, from]) => [attribute, kept(from)] as const).filter(([, from]) => from.length)),
    ]),
  );
}
