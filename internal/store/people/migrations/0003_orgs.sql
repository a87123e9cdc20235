-- +goose Up
-- A domain whose owner has said in DNS that it is the organisation's. Several may ask; one is it.
CREATE TABLE org_domains (
  org      TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  domain   TEXT    NOT NULL, -- lower case
  token    TEXT    NOT NULL, -- what DNS has to say: no secret
  verified INTEGER NOT NULL DEFAULT 0, -- since when it holds; 0: not
  checked  INTEGER NOT NULL DEFAULT 0,
  failing  INTEGER NOT NULL DEFAULT 0, -- since when DNS does not say so any more; 0: it does
  created  INTEGER NOT NULL,
  PRIMARY KEY (org, domain)
) WITHOUT ROWID;
CREATE UNIQUE INDEX org_domains_verified ON org_domains (domain) WHERE verified > 0;

CREATE TABLE connections (
  id      TEXT    PRIMARY KEY,
  org     TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  kind    TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 0,
  sealed  BLOB    NOT NULL, -- the settings, for whoever has the key
  created INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX connections_org ON connections (org);

CREATE TABLE org_invitations (
  id      TEXT    PRIMARY KEY,
  org     TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  hash    BLOB    NOT NULL UNIQUE,
  role    TEXT    NOT NULL,
  email   TEXT    NOT NULL DEFAULT '', -- lower case; '': whoever has the link
  by      TEXT    NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX org_invitations_org ON org_invitations (org);

-- Which organisation may end an account: the one that brought it, or whose domain its proven address is in.
CREATE TABLE managed (
  account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
  org     TEXT NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  ended   INTEGER NOT NULL DEFAULT 0 -- the organisation has ended it, and may open it again; what an administrator ends it may not
) WITHOUT ROWID;
CREATE INDEX managed_org ON managed (org);

CREATE TABLE scim_tokens (
  id      TEXT    PRIMARY KEY,
  org     TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  hash    BLOB    NOT NULL UNIQUE,
  name    TEXT    NOT NULL,
  created INTEGER NOT NULL,
  seen    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX scim_tokens_org ON scim_tokens (org);

-- People and groups as an organisation's identity provider sees them.
CREATE TABLE scim_resources (
  id       TEXT    PRIMARY KEY,
  org      TEXT    NOT NULL REFERENCES orgs (id) ON DELETE CASCADE,
  kind     TEXT    NOT NULL, -- "User" or "Group"
  name     TEXT    NOT NULL, -- userName or displayName, lower case
  external TEXT    NOT NULL DEFAULT '',
  email    TEXT    NOT NULL DEFAULT '', -- lower case, of users
  account  TEXT    NOT NULL DEFAULT '', -- of users
  active   INTEGER NOT NULL DEFAULT 1,
  role     TEXT    NOT NULL DEFAULT '', -- of groups: what its members are in the organisation
  data     TEXT    NOT NULL, -- JSON
  version  INTEGER NOT NULL,
  created  INTEGER NOT NULL,
  changed  INTEGER NOT NULL,
  UNIQUE (org, kind, name)
) WITHOUT ROWID;
CREATE INDEX scim_resources_external ON scim_resources (org, kind, external);
CREATE INDEX scim_resources_created ON scim_resources (org, kind, created, id);
CREATE INDEX scim_resources_account ON scim_resources (account);

CREATE TABLE scim_members (
  grp  TEXT NOT NULL REFERENCES scim_resources (id) ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES scim_resources (id) ON DELETE CASCADE,
  PRIMARY KEY (grp, user)
) WITHOUT ROWID;
CREATE INDEX scim_members_user ON scim_members (user);

-- +goose Down
DROP TABLE scim_members;
DROP TABLE scim_resources;
DROP TABLE scim_tokens;
DROP TABLE managed;
DROP TABLE org_invitations;
DROP TABLE connections;
DROP TABLE org_domains;
