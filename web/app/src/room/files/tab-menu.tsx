import type { ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { IconButton } from "../../ui/button";
import { CloseIcon, DownloadIcon, MoreIcon, PenIcon, TrashIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useSession } from "../context";

/** What can be done with the shown file. */
export function TabMenu({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const { files } = useSession();
  const words = useWords().files;
  const act = (what: unknown): void => {
    if (what === "rename" || what === "delete") files.question.set({ what, path: name });
    else if (what === "download") files.download(id);
    else if (what === "close") files.tabs.close(id);
    else files.tabs.closeOthers(id);
  };
  return (
    <MenuTrigger>
      <IconButton small name={words.actionsFor(name)}>
        <MoreIcon />
      </IconButton>
      <Popover className="popover" placement="bottom start">
        <Menu className="menu" aria-label={words.actionsFor(name)} onAction={act}>
          <MenuItem id="rename" className="item" textValue={words.rename}>
            <PenIcon /> {words.rename} <span className="end">F2</span>
          </MenuItem>
          <MenuItem id="download" className="item" textValue={words.download}>
            <DownloadIcon /> {words.download}
          </MenuItem>
          <MenuItem id="close" className="item" textValue={words.close}>
            <CloseIcon /> {words.close}
          </MenuItem>
          <MenuItem id="others" className="item" textValue={words.closeOthers}>
            <CloseIcon /> {words.closeOthers}
          </MenuItem>
          <MenuItem id="delete" className="item danger" textValue={words.remove}>
            <TrashIcon /> {words.remove}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
