REPORT main.
* Parcels for the van: internal tables, a sort, and a sum by group.
TYPES: BEGIN OF ty_parcel,
         town   TYPE string,
         weight TYPE i,
       END OF ty_parcel.
DATA parcels TYPE STANDARD TABLE OF ty_parcel WITH DEFAULT KEY.
DATA total TYPE i.
DATA last TYPE string.

parcels = VALUE #(
  ( town = `Ulm` weight = 12 )
  ( town = `Aachen` weight = 7 )
  ( town = `Ulm` weight = 3 )
  ( town = `Kiel` weight = 20 )
  ( town = `Aachen` weight = 1 ) ).
SORT parcels BY town weight DESCENDING.

LOOP AT parcels INTO DATA(parcel).
  IF parcel-town <> last.
    WRITE / |{ parcel-town }:|.
    last = parcel-town.
  ENDIF.
  WRITE / |  { parcel-weight } kg|.
  total = total + parcel-weight.
ENDLOOP.
WRITE / |{ lines( parcels ) } parcels, { total } kg in all|.
