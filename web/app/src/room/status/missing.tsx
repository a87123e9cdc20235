import { lazy } from "react";

/** The page of a room that does not exist. */
export const MissingRoom = lazy(async () => ({ default: (await import("./dead-ends")).MissingRoom }));

/** The page of a room that opens only for who has signed in. */
export const SignInFirst = lazy(async () => ({ default: (await import("./dead-ends")).SignInFirst }));

/** The page of a room that does not let this browser in. */
export const RefusedRoom = lazy(async () => ({ default: (await import("./dead-ends")).RefusedRoom }));
