import type { ReactNode } from "react";

type Props = { readonly size?: number };

function icon(content: ReactNode, filled = false) {
  return function Icon({ size = 16 }: Props): ReactNode {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill={filled ? "currentColor" : "none"}
        stroke={filled ? "none" : "currentColor"}
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {content}
      </svg>
    );
  };
}

/** The icons of the page, drawn on a grid of sixteen; all of them are decoration beside a name. */
export const PlayIcon = icon(<path d="M4.5 2.9v10.2c0 .6.7 1 1.2.7l7.9-5.1a.8.8 0 0 0 0-1.4L5.7 2.2a.8.8 0 0 0-1.2.7Z" />, true);
export const PauseIcon = icon(<path d="M5.5 3.5v9M10.5 3.5v9" />);
export const StopIcon = icon(<rect x="3.5" y="3.5" width="9" height="9" rx="1.8" />, true);
export const ChevronIcon = icon(<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />);
export const CheckIcon = icon(<path d="m3.5 8.5 3 3 6-7" />);
export const VerifiedIcon = icon(
  <>
    <path d="m8 1.6 1.7 1.3 2.1-.1.6 2 1.7 1.2-.7 2 .7 2-1.7 1.2-.6 2-2.1-.1L8 14.4l-1.7-1.3-2.1.1-.6-2L1.9 10l.7-2-.7-2 1.7-1.2.6-2 2.1.1L8 1.6Z" />
    <path d="m5.8 8.2 1.5 1.5 2.9-3.2" />
  </>,
);
export const CopyIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.8" />
    <path d="M3.6 10.4A1.6 1.6 0 0 1 2.5 9V4.2c0-.9.8-1.7 1.7-1.7H9c.7 0 1.2.4 1.5 1" />
  </>,
);
export const LinkIcon = icon(
  <>
    <path d="M6.7 9.3a2.7 2.7 0 0 0 3.8 0l2.2-2.2a2.7 2.7 0 1 0-3.8-3.8l-.6.6" />
    <path d="M9.3 6.7a2.7 2.7 0 0 0-3.8 0L3.3 8.9a2.7 2.7 0 1 0 3.8 3.8l.6-.6" />
  </>,
);
export const PlusIcon = icon(<path d="M8 3.5v9M3.5 8h9" />);
export const MoreIcon = icon(
  <>
    <circle cx="3.4" cy="8" r="1.2" />
    <circle cx="8" cy="8" r="1.2" />
    <circle cx="12.6" cy="8" r="1.2" />
  </>,
  true,
);
export const CloseIcon = icon(<path d="m4.2 4.2 7.6 7.6m0-7.6-7.6 7.6" />);
export const SearchIcon = icon(
  <>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3.3 3.3" />
  </>,
);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7" />
  </>,
);
export const MoonIcon = icon(<path d="M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9Z" />);
export const SystemIcon = icon(
  <>
    <rect x="1.8" y="2.8" width="12.4" height="8.4" rx="1.6" />
    <path d="M5.5 13.5h5" />
  </>,
);
export const PenIcon = icon(<path d="m9.8 4 2.2 2.2M3 13l.6-2.8 7.1-7a1.6 1.6 0 0 1 2.2 2.2l-7.1 7L3 13Z" />);
export const TrashIcon = icon(<path d="M2.8 4.2h10.4M6.2 4V2.8h3.6V4M4.2 4.5l.6 8.7h6.4l.6-8.7M6.8 7v3.6M9.2 7v3.6" />);
export const HistoryIcon = icon(
  <>
    <path d="M2.5 8a5.5 5.5 0 1 0 1.8-4.1L2.5 5.5" />
    <path d="M2.5 2.5v3h3M8 5v3.2l2 1.3" />
  </>,
);
export const KeyboardIcon = icon(
  <>
    <rect x="1.5" y="3.8" width="13" height="8.4" rx="1.7" />
    <path d="M4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6" />
  </>,
);
export const CloudOffIcon = icon(<path d="m2.5 2.5 11 11M5 5.5a3.8 3.8 0 0 0-.6 1.3A2.8 2.8 0 0 0 4.8 12.4h5.8M7 4.3a3.9 3.9 0 0 1 4.8 3 2.6 2.6 0 0 1 1.9 3.6" />);
export const LockIcon = icon(
  <>
    <rect x="3.2" y="7" width="9.6" height="6.5" rx="1.5" />
    <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
  </>,
);
export const UpIcon = icon(<path d="M8 12.8V3.4M4.2 7.2 8 3.4l3.8 3.8" />);
export const DownIcon = icon(<path d="M8 3.2v9.4M4.2 8.8 8 12.6l3.8-3.8" />);
export const DownloadIcon = icon(<path d="M8 2.5v7.4M4.8 7 8 10.2 11.2 7M3 13.2h10" />);
export const ClearIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <path d="m4.2 11.8 7.6-7.6" />
  </>,
);
export const AlertIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.7" />
    <path d="M8 5v3.5M8 11h.01" />
  </>,
);
export const ClockIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.7" />
    <path d="M8 5v3.2l2 1.2" />
  </>,
);
export const PhoneIcon = icon(<path d="M5.6 1.8h4.8c.7 0 1.2.5 1.2 1.2v10c0 .7-.5 1.2-1.2 1.2H5.6c-.7 0-1.2-.5-1.2-1.2V3c0-.7.5-1.2 1.2-1.2ZM7.3 12.2h1.4" />);
export const UserIcon = icon(
  <>
    <circle cx="8" cy="5.6" r="2.8" />
    <path d="M2.8 13.4a5.3 5.3 0 0 1 10.4 0" />
  </>,
);
export const LeaveIcon = icon(<path d="M6.4 13.2H4.1a1.4 1.4 0 0 1-1.4-1.4V4.2a1.4 1.4 0 0 1 1.4-1.4h2.3M10.4 10.8 13.2 8l-2.8-2.8M13.2 8H6.4" />);
export const KeyIcon = icon(
  <>
    <circle cx="5.4" cy="10.6" r="2.7" />
    <path d="m7.4 8.6 5.8-5.8M10.4 5.6l2 2" />
  </>,
);
export const BuildingIcon = icon(<path d="M3.2 13.4V3.6c0-.6.4-1 1-1h4.6c.6 0 1 .4 1 1v9.8M9.8 6.6h2c.6 0 1 .4 1 1v5.8M2 13.4h12M5.6 5.4h1.8M5.6 8h1.8M5.6 10.6h1.8" />);
export const PeopleIcon = icon(
  <>
    <circle cx="6" cy="5.5" r="2.4" />
    <path d="M1.8 13a4.2 4.2 0 0 1 8.4 0M10.4 3.4a2.4 2.4 0 0 1 0 4.3M12 9.6a4.2 4.2 0 0 1 2.2 3.4" />
  </>,
);
export const EyeIcon = icon(
  <>
    <path d="M1.6 8s2.3-4.2 6.4-4.2S14.4 8 14.4 8s-2.3 4.2-6.4 4.2S1.6 8 1.6 8Z" />
    <circle cx="8" cy="8" r="1.9" />
  </>,
);
export const FormatIcon = icon(<path d="M2.8 3.5h10.4M2.8 8h6.4M2.8 12.5h8.4" />);
export const FolderIcon = icon(<path d="M2 5V4a1.3 1.3 0 0 1 1.3-1.3h2.9l1.5 1.7h5A1.3 1.3 0 0 1 14 5.7v6.1a1.4 1.4 0 0 1-1.4 1.4H3.4A1.4 1.4 0 0 1 2 11.8V5Z" />);
export const FileIcon = icon(<path d="M9.2 1.8H4.6a1.3 1.3 0 0 0-1.3 1.3v9.8a1.3 1.3 0 0 0 1.3 1.3h6.8a1.3 1.3 0 0 0 1.3-1.3V5.3L9.2 1.8Zm0 0v3.5h3.5" />);
export const FilesIcon = icon(
  <>
    <path d="M10.2 1.8H6.7a1.2 1.2 0 0 0-1.2 1.2v6.8A1.2 1.2 0 0 0 6.7 11h5.6a1.2 1.2 0 0 0 1.2-1.2V5.1l-3.3-3.3Zm0 0v3.3h3.3" />
    <path d="M3.6 5A1.2 1.2 0 0 0 2.5 6.2V13a1.2 1.2 0 0 0 1.2 1.2h5.6a1.2 1.2 0 0 0 1.2-1.1" />
  </>,
);
export const GearIcon = icon(<path d="M2.5 4.5h4M9.5 4.5h4M2.5 11.5h2M7.5 11.5h6M8 4.5a1.5 1.5 0 1 1-3 0M8 4.5a1.5 1.5 0 1 0-3 0M7.5 11.5a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0Z" />);
export const BackIcon = icon(<path d="M12.8 8H3.4M7.2 4.2 3.4 8l3.8 3.8" />);
export const ArrowIcon = icon(<path d="M3.2 8h9.4M8.8 4.2 12.6 8l-3.8 3.8" />);
export const TerminalIcon = icon(
  <>
    <rect x="2" y="3" width="12" height="10" rx="1.8" />
    <path d="m4.8 6.2 2 1.8-2 1.8M8.4 10h2.8" />
  </>,
);
export const CodeIcon = icon(<path d="M5.6 4.6 2.2 8l3.4 3.4M10.4 4.6 13.8 8l-3.4 3.4" />);
export const SettingsIcon = icon(
  <>
    <path d="M2.5 4.8h5.2M11.3 4.8h2.2M2.5 11.2h2.2M8.3 11.2h5.2" />
    <circle cx="9.5" cy="4.8" r="1.8" />
    <circle cx="6.5" cy="11.2" r="1.8" />
  </>,
);
export const ContrastIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" />
  </>,
);
export const DockIcon = icon(
  <>
    <rect x="2" y="2.8" width="12" height="10.4" rx="1.8" />
    <path d="M9.8 2.8v10.4" />
  </>,
);
export const HintIcon = icon(<path d="M5.9 11.2c0-1-.5-1.5-1.1-2.1a4.5 4.5 0 1 1 6.4 0c-.6.6-1.1 1.1-1.1 2.1v.6a1.4 1.4 0 0 1-1.4 1.4H7.3a1.4 1.4 0 0 1-1.4-1.4v-.6Zm0-.3h4.2" />);
export const ChatIcon = icon(<path d="M13.5 7.4c0 2.6-2.5 4.7-5.5 4.7-.8 0-1.6-.1-2.3-.4L2.8 13l.8-2.6A4.3 4.3 0 0 1 2.5 7.4c0-2.6 2.5-4.7 5.5-4.7s5.5 2.1 5.5 4.7Z" />);
export const PreviewIcon = icon(
  <>
    <path d="M1.6 8c1.5-2.9 3.7-4.4 6.4-4.4s4.9 1.5 6.4 4.4c-1.5 2.9-3.7 4.4-6.4 4.4S3.1 10.9 1.6 8Z" />
    <circle cx="8" cy="8" r="2" />
  </>,
);
export const ReloadIcon = icon(
  <>
    <path d="M13.5 8a5.5 5.5 0 1 1-1.8-4.1l1.8 1.6" />
    <path d="M13.5 2.5v3h-3" />
  </>,
);
