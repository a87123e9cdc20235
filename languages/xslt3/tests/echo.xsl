<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <xsl:template name="xsl:initial-template">
    <xsl:value-of select="unparsed-text-lines('file:///dev/stdin') ! (. || '&#10;')" separator=""/>
  </xsl:template>
</xsl:stylesheet>
