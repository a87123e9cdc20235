throw new Error("on purpose") as Error;
