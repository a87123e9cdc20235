REPORT main.
DATA line TYPE string.
OPEN DATASET '/dev/stdin' FOR INPUT IN TEXT MODE ENCODING UTF-8.
DO.
  READ DATASET '/dev/stdin' INTO line.
  IF sy-subrc <> 0.
    EXIT.
  ENDIF.
  WRITE / |you said: { line }|.
ENDDO.
CLOSE DATASET '/dev/stdin'.
