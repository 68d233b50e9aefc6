import { globSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export type Schema = Readonly<Record<string, unknown>>;

/** The types of all events, as JSON schemas, out of the declarations that the code itself is checked against. */
export interface EventSchemas {
  /** By event type, in the order of the capabilities and their declarations. */
  readonly events: ReadonlyMap<
    string,
    { readonly capability: string; readonly data: Schema; readonly summary: string }
  >;
  /** The declared types they refer to as `#/components/schemas/<name>`. */
  readonly shared: ReadonlyMap<string, Schema>;
}

/** Aliases of `string` that say more than their type. */
const FORMATS: Readonly<Record<string, Schema>> = {
  Day: { type: 'string', format: 'date' },
  Moment: { type: 'string', format: 'date-time' },
  Uuid: { type: 'string', format: 'uuid' },
  // Any JSON at all.
  Json: {},
};

const REF = '#/components/schemas/';
/** A declaration that maps event types to their data: `interface BookEvents`. */
const EVENT_MAP = /Events$/;

/** Reads every `libs/<capability>/domain/events.ts`. Throws for a type that JSON has no word for. */
export function eventSchemas(root: string): EventSchemas {
  const files = globSync('libs/*/domain/events.ts', { cwd: root }).toSorted();
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root);
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    { ...options, noEmit: true },
  );
  const checker = program.getTypeChecker();
  const shared = new Map<string, Schema>();
  const declared = new Map<string, ts.Symbol>();

  const described = (symbol: ts.Symbol | undefined): { description?: string } => {
    const text = ts
      .displayPartsToString(symbol?.getDocumentationComment(checker))
      .replaceAll(/\s+/g, ' ')
      .trim();
    return text === '' ? {} : { description: text };
  };

  const propertiesOf = (type: ts.Type): Schema => {
    const properties = type.getProperties();
    return {
      type: 'object',
      ...(properties.length > 0 && {
        required: properties
          .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
          .map(({ name }) => name),
        properties: Object.fromEntries(
          properties.map((symbol) => [symbol.name, { ...schemaOfSymbol(symbol), ...described(symbol) }]),
        ),
      }),
    };
  };

  const schemaOfSymbol = (symbol: ts.Symbol): Schema => {
    const declared = symbol.valueDeclaration;
    const node = declared && ts.isPropertySignature(declared) ? declared.type : undefined;
    const known = node === undefined ? undefined : FORMATS[node.getText()];
    return known ?? schemaOf(checker.getTypeOfSymbol(symbol));
  };

  const objectOf = (type: ts.Type): Schema => {
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (index !== undefined) return { type: 'object', additionalProperties: schemaOf(index.type) };
    const { symbol } = type;
    if (!type.isClassOrInterface()) return propertiesOf(type);
    const { name } = symbol;
    const known = declared.get(name) ?? symbol;
    if (known !== symbol) throw new Error(`two types of events are called ${name}`);
    declared.set(name, symbol);
    if (!shared.has(name)) {
      // Its place first, so that a type that holds itself ends.
      shared.set(name, {});
      shared.set(name, { ...propertiesOf(type), ...described(symbol) });
    }
    return { $ref: REF + name };
  };

  const unionOf = (type: ts.UnionType): Schema => {
    const members = type.types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
    const isLiteral = (one: ts.Type): one is ts.LiteralType => one.isStringLiteral() || one.isNumberLiteral();
    const literals = members.filter(isLiteral);
    const others = members.filter((one) => !isLiteral(one));
    // `boolean` is the union of its two values.
    const isBoolean = (one: ts.Type): boolean => (one.flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const schemas: Schema[] = [
      ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
      ...(others.some(isBoolean) ? [{ type: 'boolean' }] : []),
      ...others.filter((one) => !isBoolean(one)).map(schemaOf),
    ];
    return schemas.length === 1 ? (schemas[0] as Schema) : { anyOf: schemas };
  };

  const schemaOf = (type: ts.Type): Schema => {
    if (type.isUnion()) return unionOf(type);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if ((type.flags & ts.TypeFlags.String) !== 0) return { type: 'string' };
    if ((type.flags & ts.TypeFlags.Number) !== 0) return { type: 'number' };
    if ((type.flags & ts.TypeFlags.Boolean) !== 0) return { type: 'boolean' };
    if ((type.flags & ts.TypeFlags.Null) !== 0) return { type: 'null' };
    if (checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type as ts.TypeReference).map(schemaOf);
      return { type: 'array', items, minItems: items.length, maxItems: items.length };
    }
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? {} : schemaOf(item) };
    }
    if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0) return objectOf(type);
    throw new Error(`JSON has no word for ${checker.typeToString(type)}`);
  };

  const events = new Map<string, { capability: string; data: Schema; summary: string }>();
  for (const file of files) {
    const source = program.getSourceFile(join(root, file));
    const capability = file.split('/')[1] ?? '';
    for (const statement of source?.statements ?? []) {
      if (!ts.isInterfaceDeclaration(statement) || !EVENT_MAP.test(statement.name.text)) continue;
      for (const symbol of checker.getTypeAtLocation(statement).getProperties()) {
        const type = checker.getTypeOfSymbol(symbol);
        const summary = described(type.symbol).description ?? '';
        events.set(symbol.name, { capability, data: schemaOf(type), summary });
      }
    }
  }
  return { events, shared };
}
