<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <xsl:template name="xsl:initial-template"><xsl:text>Grüße, 世界 🌍&#10;</xsl:text></xsl:template>
</xsl:stylesheet>
