// The compiler imports a name from its own bundle, which exports none: it leaves all in a global variable.
const bundle = "/fable-standalone/dist/bundle.min.js";

export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith(bundle)) return loaded;
  return { ...loaded, source: `${loaded.source}\nexport const { init } = globalThis.__FABLE_STANDALONE__;\n` };
}
