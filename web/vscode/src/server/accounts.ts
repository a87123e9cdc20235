import type { Platform } from "../platform";
import { Api, ApiError, type Me } from "./api";
import type { Secrets } from "./secrets";
import { chooseWay, tokenBy, type Way } from "./signin";

const secret = (origin: string): string => `token ${origin}`;

/** Who the user is, on each server: tokens in the secret storage of VS Code, and the requests made with them. */
export class Accounts {
  private readonly apis = new Map<string, Api>();

  constructor(
    private readonly secrets: Secrets,
    private readonly platform: Platform,
  ) {}

  /** The requests to a server, as whom the user is there; nobody asks anything here. */
  async api(origin: string): Promise<Api> {
    const known = this.apis.get(origin);
    if (known !== undefined) return known;
    const api = new Api(origin, await this.secrets.get(secret(origin)));
    this.apis.set(origin, api);
    return api;
  }

  /** The same, after asking the user who they are where that is not known. Undefined when they gave up. Throws an ApiError. */
  async known(origin: string): Promise<Api | undefined> {
    const api = await this.api(origin);
    if (api.token !== undefined) return api;
    return (await this.signIn(origin)) ? api : undefined;
  }

  /** Asks the user who they are on a server. False when they gave up. Throws an ApiError. */
  async signIn(origin: string, way?: Way): Promise<boolean> {
    const api = await this.api(origin);
    const { ways } = await new Api(origin, undefined).me().catch((error: unknown): Partial<Me> => {
      if (error instanceof ApiError && error.status >= 400) return {};
      throw error;
    });
    const chosen = way ?? (await chooseWay(origin, this.platform, ways?.guests !== "none"));
    if (chosen === undefined) return false;
    const token = await tokenBy(chosen, api, this.platform);
    if (token === undefined) return false;
    const before = api.token;
    api.token = token;
    try {
      await api.me(); // a token that does not count is said now, and not kept
    } catch (error) {
      api.token = before;
      throw error;
    }
    await this.secrets.store(secret(origin), token);
    return true;
  }

  /** Forgets who the user is on a server, and ends the token there if it was an API token. */
  async signOut(origin: string): Promise<void> {
    const api = await this.api(origin);
    const { token } = api;
    api.token = undefined;
    await this.secrets.delete(secret(origin));
    if (token?.startsWith("cca_") === true) await api.form("/oauth/revoke", { token }).catch(() => undefined);
  }
}
