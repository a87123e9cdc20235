import { choose, named } from "../support/door.ts";
import { Provider } from "../support/provider.ts";
import { Server } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

test("people sign in at a provider's own pages, and out at both ends", async ({ person }) => {
  const provider = await Provider.start();
  const server = await Server.start("sso", ["--oidc-issuer", provider.issuer, "--oidc-client", "main", "--oidc-name", "Elsewhere", "--oidc-sign-out=true"]);
  try {
    const url = named(server); // another site than the provider's, as in life
    await provider.knows({
      client_id: "main",
      token_endpoint_auth_method: "none",
      redirect_uris: [`${url}/auth/oidc/callback`],
      post_logout_redirect_uris: [`${url}/signin`],
    });
    const { page } = await person();
    await page.goto(`${url}/signin`);
    await page.getByRole("link", { name: /Elsewhere/ }).or(page.getByRole("button", { name: /Elsewhere/ })).click();
    await page.getByPlaceholder("Enter any login").fill("grace");
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("button", { name: "Your account: grace of the tests" })).toBeVisible();
    await expect(page).toHaveURL(`${url}/`);
    await choose(page, "Sign out");
    await page.getByRole("button", { name: /^Yes/ }).click(); // the provider asks
    await expect(page).toHaveURL(new RegExp(`^${url}/signin`));
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  } finally {
    await server.close();
    await provider.close();
  }
});
