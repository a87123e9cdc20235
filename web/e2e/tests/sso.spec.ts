import { ada, choose, named, register } from "../support/door.ts";
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

test("an account that has a password is connected to a provider, and signs in by it", async ({ person }) => {
  const provider = await Provider.start();
  const args = ["--passwords", "open", "--password-memory", "8MiB", "--oidc-issuer", provider.issuer, "--oidc-client", "main", "--oidc-name", "Elsewhere"];
  const server = await Server.start("connect", args);
  try {
    const url = named(server);
    await provider.knows({ client_id: "main", token_endpoint_auth_method: "none", redirect_uris: [`${url}/auth/oidc/callback`] });
    const { page } = await person();
    await page.goto(`${url}/signin`);
    await register(page, ada);
    await page.goto(`${url}/account`);
    await page.getByRole("button", { name: "Connect Elsewhere" }).click();
    await page.getByPlaceholder("Enter any login").fill("grace");
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("Elsewhere is connected.")).toBeVisible();
    const { page: other } = await person();
    await other.goto(`${url}/signin`);
    await other.getByRole("button", { name: /Elsewhere/ }).click();
    await other.getByPlaceholder("Enter any login").fill("grace");
    await other.getByPlaceholder("and password").fill("any");
    await other.getByRole("button", { name: "Sign-in" }).click();
    await other.getByRole("button", { name: "Continue" }).click();
    await expect(other.getByRole("button", { name: `Your account: ${ada.name}` })).toBeVisible();
    await page.getByRole("button", { name: "Disconnect Elsewhere" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disconnect" }).click();
    await expect(page.getByRole("button", { name: "Connect Elsewhere" })).toBeVisible();
  } finally {
    await server.close();
    await provider.close();
  }
});
