import { useEffect, useState } from "react";
import { useSession } from "../context";
import { models, type Model } from "./ask";

/** The models that may be asked; undefined until it is known. */
export function useModels(): readonly Model[] | undefined {
  const { room } = useSession();
  const [list, setList] = useState<readonly Model[]>();
  useEffect(() => {
    let gone = false;
    models(room).then(
      (all) => {
        if (!gone) setList(all);
      },
      () => undefined, // then nothing is said of them; asking tells what is wrong
    );
    return () => {
      gone = true;
    };
  }, [room]);
  return list;
}
