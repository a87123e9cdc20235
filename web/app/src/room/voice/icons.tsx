import type { ReactNode } from "react";

const frame = { width: 16, height: 16, viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", strokeWidth: 1.5, strokeLinecap: "round", strokeLinejoin: "round", "aria-hidden": true } as const;

/** A microphone. */
export function MicIcon({ size = 16 }: { readonly size?: number }): ReactNode {
  return (
    <svg {...frame} width={size} height={size}>
      <path d="M8 2a1.9 1.9 0 0 0-1.9 1.9v3.6a1.9 1.9 0 0 0 3.8 0V3.9A1.9 1.9 0 0 0 8 2ZM3.8 7.4a4.2 4.2 0 0 0 8.4 0M8 11.6V14" />
    </svg>
  );
}

/** A microphone that is off. */
export function MicOffIcon({ size = 16 }: { readonly size?: number }): ReactNode {
  return (
    <svg {...frame} width={size} height={size}>
      <path d="m2.5 2.5 11 11M6.1 6.1v1.4a1.9 1.9 0 0 0 3 1.5M9.9 6.6V3.9a1.9 1.9 0 0 0-3.6-.8M3.8 7.4a4.2 4.2 0 0 0 6.6 3.4M12.2 7.4c0 .5-.1 1-.3 1.4M8 11.6V14" />
    </svg>
  );
}

/** A receiver that is put down. */
export function HangUpIcon({ size = 16 }: { readonly size?: number }): ReactNode {
  return (
    <svg {...frame} width={size} height={size}>
      <path d="M1.9 9.6c-.5-.8-.4-1.9.3-2.5C3.9 5.7 5.9 5 8 5s4.100.7 5.800 2.100c.7.6.8 1.700.3 2.500l-.5.8c-.2.4-.7.5-1.100.3L10.400 9.900a.9.9 0 0 1-.5-.9l.1-1.300a6.600 6.600 0 0 0-4 0l.1 1.300c0 .4-.2.8-.5.9l-2.100.8c-.4.200-.9.100-1.100-.3l-.5-.8Z" />
    </svg>
  );
}
